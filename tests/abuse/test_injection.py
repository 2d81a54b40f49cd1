"""Whatever stands in whatever parameter of whatever operation is taken for a text, and for nothing else."""

import asyncio
import json
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import quote

import httpx
import pytest

from services import openapi
from shared.events.catalogue import SERVICES
from tests.abuse.services import Running
from tests.abuse.wire import head, said
from tests.waiting import until

FORGED: Final = "a line that nobody logged"
NOBODY: Final = "nobody-there"
"""A harmless value that nothing has."""
HOSTILE: Final[Mapping[str, str]] = {
    "SQL that is always true": "' OR '1'='1",
    "SQL that ends a statement": "'); DROP TABLE cells; --",
    "SQL in a number": "1) UNION SELECT name, sql FROM sqlite_master --",
    "LIKE's own characters": "%_%",
    "a path upwards": "../../../../etc/passwd",
    "a path upwards, encoded twice": "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "NUL": "a\x00b",
    "a header's end": "x\r\nX-Forged: 1\r\n\r\n<script>",
    "a line of a log": f'x\n{{"event": "{FORGED}"}}',
    "a template": "${jndi:ldap://x/a}{{7*7}}%s%n",
    "a look-alike": "р-wаng",
    "half a pair": "\udc80",
    "very long": "x" * 8000,
}
MADE: Final[Mapping[str, Mapping[str, Mapping[str, Any]]]] = {
    "customers": {"/accounts": {"name": "Seen by whom it is meant for"}},
    "orders": {"/products": {"name": "Atlas", "line": "Machines", "list_price": {"minor": 1}}},
    "performance": {
        "/teams": {"id": "east", "name": "East", "department": "sales"},
        "/people": {"id": "p-1", "name": "Wang", "team_id": "east", "post": "sales", "on": "2025-01-01"},
        "/targets": {"person_id": "p-1", "start": "2025-01-01", "end": "2025-04-01", "amount": {"minor": 1}},
    },
    "coordination": {
        "/handoffs": {
            "kind": "order-to-production",
            "subject": "order-1",
            "title": "Make it",
            "from_department": "sales",
            "to_department": "production",
        }
    },
}
"""What is made in each service, and where; the last is also a list."""
FEEDS_AND_JOBS: Final = ("/events", "/live", "/replay", "/verify")
CHANGING: Final = ("as_of", "request_id", "detail", "instance", "errors")
AT_ONCE: Final = 20


class Case(NamedTuple):
    """One parameter of one operation."""

    method: str
    path: str
    name: str
    operation: Mapping[str, Any]
    number: int
    free: bool
    """Whether any text may stand there; where the documents say more, a few kinds in turn are enough."""

    def hostile(self) -> Iterable[tuple[str, str]]:
        kinds = list(HOSTILE.items())
        return kinds if self.free else kinds[self.number % 4 :: 4]

    def request(self, value: str) -> tuple[str, str, Any]:
        """Method, address and body: everything is as in the documents, but for this parameter."""
        path, query = self.path, []
        for each in self.operation["parameters"]:
            name, ours = each["name"], each["name"] == self.name
            it = quote(value, safe="", errors="surrogateescape") if ours else _usual(name)
            if each["in"] == "path":
                path = path.replace(f"{{{name}}}", it)
            elif each["in"] == "query" and (ours or each.get("required") or name == "kpi"):
                query.append(f"{name}={it}")
        content = self.operation.get("requestBody", {}).get("content", {})
        body = content.get("application/json", {}).get("example")
        return self.method, f"{path}?{'&'.join(query)}", body


def _usual(name: str) -> str:
    return "won_amount" if name == "kpi" else NOBODY


def _cases(service: str) -> list[Case]:
    parameters = [
        (method, path, parameter, operation)
        for path, operations in openapi.document(service)["paths"].items()
        for method, operation in operations.items()
        for parameter in operation.get("parameters", ())
        if parameter["in"] in ("path", "query") and path not in FEEDS_AND_JOBS
    ]
    return [
        Case(method, path, parameter["name"], operation, number, free=_free(parameter["schema"]))
        for number, (method, path, parameter, operation) in enumerate(parameters)
    ]


def _free(schema: Mapping[str, Any]) -> bool:
    kinds = schema.get("anyOf", [schema])
    return any(
        each.get("type") == "string" and not {"pattern", "enum", "format"} & each.keys() for each in kinds
    )


@pytest.mark.slow
@pytest.mark.parametrize("service", SERVICES)
async def test_a_parameter_is_a_text(service: str, services: Mapping[str, Running]) -> None:
    it = services[service]
    await _fill(it)
    gate = asyncio.Semaphore(AT_ONCE)
    surprises: list[str] = []

    async with it.client() as client:

        async def answered(case: Case, value: str) -> httpx.Response:
            method, address, body = case.request(value)
            async with gate:
                return await client.request(method, address, json=body)

        async def tried(case: Case) -> None:
            harmless = await answered(case, NOBODY)
            for kind, value in case.hostile():
                answer = await answered(case, value)
                if (wrong := _wrong(answer, harmless)) is not None:
                    surprises.append(f"{case.method} {case.path}, {case.name} is {kind}: {wrong}")

        await asyncio.gather(*(tried(case) for case in _cases(service)))
    assert surprises == []
    logged = [json.loads(line) for line in it.log.read_text().splitlines()]
    assert not [line for line in logged if line["event"] in (FORGED, "unexpected error")]


def _wrong(answer: httpx.Response, harmless: httpx.Response) -> str | None:
    """What is wrong with it: nothing if it is refused, or told what anybody is told of what there is not."""
    if answer.status_code >= 500:
        return f"{answer.status_code}"
    if "x-forged" in answer.headers:
        return "a header that is not ours"
    if answer.is_success and answer.status_code != harmless.status_code:
        return f"{answer.status_code}, and {harmless.status_code} to who asks for nothing"
    if answer.is_success and _told(answer) != _told(harmless):
        return f"another's: {answer.text[:200]}"
    return None


def _told(answer: httpx.Response) -> Any:
    if answer.headers["content-type"] != "application/json":
        return answer.text
    return _lasting(answer.json())


def _lasting(told: Any) -> Any:
    """Without what is another each time."""
    match told:
        case dict():
            return {name: _lasting(value) for name, value in told.items() if name not in CHANGING}
        case list():
            return [_lasting(value) for value in told]
        case _:
            return told


async def _fill(it: Running) -> None:
    """So that there is something that could be shown to who must not see it."""
    async with it.client() as client:
        for path, body in MADE[it.name].items():
            made = await client.post(path, json=body)
            assert made.status_code == 201, made.text

        async def shown() -> bool:
            told = (await client.get(path)).json()
            return bool(told["items"] if isinstance(told, dict) else told)

        await until(shown, within=60, what=f"{it.name} shows something")


@pytest.mark.parametrize(
    "path",
    [
        "/../../etc/passwd",
        "/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/..%2f..%2f..%2fetc%2fpasswd",
        "/assets/%2e%2e/%2e%2e/package.json",
        "/desk/..%5c..%5cpackage.json",
        "//etc/passwd",
        "/%2fetc%2fpasswd",
        "/assets/%00",
        "/assets/" + "x" * 5000,
        "/%c0%ae%c0%ae/%c0%ae%c0%ae/etc/passwd",
    ],
)
async def test_no_file_is_served_but_the_pages(performance: Running, path: str) -> None:
    """As bytes: a client would tidy the address up."""
    answer = await said(performance, head("GET", path))
    assert answer.status == 404
    answer.problem()
