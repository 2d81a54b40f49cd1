"""A Baton that imported the real export, asked over HTTP, and the export's own deals beside it."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx
import pandas as pd

from baton.tokens import signed, signing_key
from shared.service.actor import Actor
from tests.acceptance.crm import EXPORT, needs_broker, start_import
from tests.acceptance.crm_numbers import BY, Numbers, read
from tests.unit.baton.started import up
from tests.waiting import until

FIRST: Final = "2016-10-01"
LAST: Final = "2018-01-01"
"""The first day after all that the export tells."""


class Board:
    def __init__(self, client: httpx.Client, deals: pd.DataFrame) -> None:
        self.deals = deals
        self.url = str(client.base_url)
        self._client = client
        organisation = self.get("/organisation")
        self._ids: dict[str, dict[str, str]] = {
            by: {it["name"]: it["id"] for it in organisation[kind]}
            for by, kind in (("person", "people"), ("team", "teams"))
        }

    def get(self, path: str, **asked: Any) -> Any:
        answer = self._client.get(path, params=asked)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def id_of(self, by: str, name: str) -> str:
        """People and teams have ids; regions, lines and products are called by their names."""
        return self._ids[by][name] if by in self._ids else name

    def filters(self, some: Mapping[str, str]) -> dict[str, str]:
        """As Baton is asked for the deals with these values in the export's columns."""
        return {by: self.id_of(by, some[column]) for by, column in BY.items() if column in some}

    def names(self, column: str) -> list[str]:
        return sorted(map(str, self.deals[column].unique()))

    def of(self, start: object, end: object, **some: str) -> Numbers:
        """The export's numbers of the deals with these values in its columns."""
        chosen = self.deals
        for column, value in some.items():
            chosen = chosen[chosen[column] == value]
        return Numbers(chosen, self.deals, pd.Timestamp(str(start)), pd.Timestamp(str(end)))


@contextmanager
def imported(folder: Path) -> Iterator[Board]:
    """Baton on a folder of its own, when its boards show all that was imported."""
    needs_broker(folder)
    with up(folder) as (_, port, output):
        asyncio.run(until(lambda: "Baton runs" in output.read_text(), within=90))
        url = f"http://127.0.0.1:{port}"
        assert start_import(folder, url, "report.csv").wait(240) == 0
        viewer = Actor(id="viewer", role="viewer")
        token = signed(signing_key(folder / "data", environment={}), viewer, days=1)
        headers = {"Authorization": f"Bearer {token}"}
        with httpx.Client(base_url=url, headers=headers, timeout=60) as client:
            asyncio.run(until(lambda: _taken(client), within=90, what="the boards show everything"))
            yield Board(client, read(EXPORT))


def _taken(client: httpx.Client) -> bool:
    """Whether nothing lags, and every deal is in the funnel with all its steps."""
    answer = client.get("/funnel", params={"from": FIRST, "to": LAST}).json()
    engaged = next(it["implied"] for it in answer["stages"] if it["stage"] == "engaging")
    steps = (answer["opened"], engaged, answer["won"], answer["lost"])
    return steps == (8800, 8300, 4238, 2473) and all(it["lag_events"] == 0 for it in answer["freshness"])
