"""What the page on personal data says can be typed, can be typed; what it lists is all there is."""

import re
from collections import defaultdict
from pathlib import Path
from typing import Any, Final

import pytest

from shared.events.catalogue import EVENTS, PERSONAL_FIELDS
from tests.service_app import bearer
from tests.unit.erasure.world import world
from tests.waiting import until

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = (ROOT / "docs/personal-data.md").read_text(encoding="utf-8")
CODE: Final = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


async def test_its_code_erases_somebody(tmp_path: Path) -> None:
    async with world(tmp_path) as it, it.following():
        await it.done("/leads", {"id": "42", "company": "云帆科技", "source": "展会", "contact_name": "赵敏"})
        names: dict[str, Any] = {"customers": ""}
        for name in ("chen", "zhao"):
            names[name] = Awaited(it.client, bearer("manager", person=f"m-{name}"))
        assert len(CODE) == 2
        for code in CODE:
            calls = re.sub(
                r"\b(chen|zhao)\.(post|get)\(.*?\)(?=\.json|$)", r"(await \g<0>)", code, flags=re.MULTILINE
            )
            exec(compile(_in_a_coroutine(calls), "personal-data.md", "exec"), names)  # noqa: S102 - the page's own
            await names["typed"]()
            await it.caught_up()
        await until(it.is_followed)
        assert not it.safe.holds("赵敏")


class Awaited:
    """A manager's client, whose answers must be good ones."""

    def __init__(self, client: Any, headers: dict[str, str]) -> None:
        self._client = client
        self._headers = headers

    async def post(self, address: str, **body: Any) -> Any:
        answer = await self._client.post(address, headers=self._headers, **body)
        assert answer.is_success, answer.text
        return answer

    async def get(self, address: str) -> Any:
        answer = await self._client.get(address, headers=self._headers)
        assert answer.is_success, answer.text
        return answer


def _in_a_coroutine(code: str) -> str:
    indented = "".join(f"    {line}\n" for line in code.splitlines())
    return f"async def typed():\n{indented}"


def test_it_lists_every_person_that_events_are_about() -> None:
    rows = re.findall(r"^\| [^|]+ \| `([^`]+)` \| [^|]+ \| (\w+) \|$", PAGE, re.MULTILINE)
    told = {(re.sub(r"<\w+>", "{}", person), service) for person, service in rows}
    known = defaultdict(set)
    for name in PERSONAL_FIELDS:
        event = EVENTS[name]
        known[re.sub(r"{\w+}", "{}", event.personal_to)].add(event.service)
    del known["{}"]  # a request says why, about any of them
    assert told == {(person, service) for person, services in known.items() for service in services}


@pytest.mark.parametrize("link", re.findall(r"\]\(([^):#]+)\)", PAGE))
def test_every_link_leads_somewhere(link: str) -> None:
    assert (ROOT / "docs" / link).is_file()
