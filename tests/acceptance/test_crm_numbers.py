"""The real export, imported: every KPI that it supports is what pandas works out from its files."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final

import pandas as pd
import pytest
from selenium import webdriver

from tests.acceptance.crm import MARKS
from tests.acceptance.crm_board import FIRST, LAST, Board, imported
from tests.acceptance.crm_numbers import BY, Told
from tests.e2e.looks import (
    OVERLAPS,
    PICTURES,
    SIZES,
    WIDER,
    nothing_was_complained_of,
    settles,
    sized,
)
from tests.e2e.pages import BOARDS, opened, wait_for

pytestmark = MARKS

YEAR: Final = {"from": "2017-01-01", "to": LAST}
QUARTERS: Final = list(pd.date_range(FIRST, LAST, freq="QS"))
MINUTES_A_DAY: Final = 24 * 60
UNHEARD_OF: Final[Told] = (0, 0, None)
"""How things stood when a quarter of the export was over: nobody had imported it yet."""
SUPPORTED: Final = [
    *("won_count", "won_amount", "win_rate", "win_rate_value", "average_deal_size"),
    *("cycle_median", "cycle_p90", "open_pipeline", "velocity", "weighted_forecast"),
    *("customers", "new_customers", "retention", "repurchase"),
    *("conversion_engaging", "conversion_proposing", "conversion_negotiating", "conversion_won"),
]


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Board]:
    with imported(tmp_path_factory.mktemp("crm")) as board:
        yield board


def told(kpis: list[dict[str, Any]]) -> dict[str, Told]:
    """What the answer says; a KPI is there once, for the export has one currency."""
    assert len({kpi["name"] for kpi in kpis}) == len(kpis)
    assert {kpi["currency"] for kpi in kpis if kpi["value"]} <= {None, "USD"}
    return {kpi["name"]: (kpi["value"], kpi["numerator"], kpi["denominator"]) for kpi in kpis}


def agree(shown: dict[str, Told], expected: dict[str, Told], about: str) -> None:
    """The KPIs that the export supports; the others say nothing."""
    assert expected.keys() == set(SUPPORTED) <= shown.keys()
    wrong = {
        name: (shown[name], numbers)
        for name, numbers in expected.items()
        if not all(_equal(one, other) for one, other in zip(shown[name], numbers, strict=True))
    }
    assert not wrong, about
    loud = {name: it for name, it in shown.items() if name not in expected and it[0] not in (None, 0)}
    assert not loud, about


def _equal(shown: float | None, expected: float | None) -> bool:
    """Answers are rounded to six places."""
    if shown is None or expected is None:
        return shown is expected
    return shown == pytest.approx(expected, rel=1e-9, abs=1e-6)


def compare(board: Board, *, kpis: list[str], **some: str) -> int:
    """Each quarter and the whole time of the deals with these values; how many KPIs agreed."""
    asked: dict[str, Any] = {"from": FIRST, "to": LAST, "kpi": kpis, **board.filters(some)}
    history, agreed = board.get("/kpis/history", by="quarter", **asked), 0
    assert [span["from"] for span in history["spans"]] == [str(day.date()) for day in QUARTERS[:-1]]
    for span in (*history["spans"], board.get("/kpis", **asked)):
        expected = board.of(span["from"], span["to"], **some).kpis()
        if span in history["spans"]:
            expected["open_pipeline"] = UNHEARD_OF
        agree(told(span["kpis"]), expected, f"{some} from {span['from']} to {span['to']}")
        agreed += len(expected)
    return agreed


def test_every_kpi_of_the_company_agrees_quarter_by_quarter(board: Board) -> None:
    assert compare(board, kpis=[]) == (5 + 1) * len(SUPPORTED)


@pytest.mark.parametrize("by", BY)
def test_every_kpi_agrees_by(board: Board, by: str) -> None:
    for name in board.names(BY[by]):
        compare(board, kpis=SUPPORTED, **{BY[by]: name})


def test_two_filters_together_agree_too(board: Board) -> None:
    for region in board.names("regional_office"):
        compare(board, kpis=SUPPORTED, regional_office=region, series="GTX")
    compare(board, kpis=SUPPORTED, manager="Melvin Marxen", product="GTX Pro")
    compare(board, kpis=SUPPORTED, sales_agent="Darcel Schlecht", series="MG")


@pytest.mark.parametrize("by", BY)
@pytest.mark.parametrize("kpi", ["won_amount", "won_count", "win_rate", "cycle_median", "new_customers"])
def test_a_leaderboard_ranks_as_pandas_does(board: Board, by: str, kpi: str) -> None:
    rows = board.get("/leaderboard", by=by, kpi=kpi, **YEAR)["rows"]
    names = board.names(BY[by])
    theirs = {name: board.of(*YEAR.values(), **{BY[by]: name}).kpis()[kpi][0] for name in names}
    values = pd.Series(theirs, dtype=float).dropna()
    ranks = values.rank(method="min", ascending=kpi == "cycle_median").astype(int)
    expected = {board.id_of(by, name): (ranks[name], values[name]) for name in values.index}
    shown = {row["id"]: (row["rank"], row["value"]) for row in rows if row["id"] in expected}
    assert shown.keys() == expected.keys()
    assert all(shown[key] == pytest.approx(expected[key], abs=1e-6) for key in expected)
    assert all(row["value"] == 0 for row in rows if row["id"] not in expected)
    assert [row["rank"] for row in rows] == sorted(row["rank"] for row in rows)


@pytest.mark.parametrize("column", [None, "manager", "series"])
def test_the_funnel_of_each_quarters_deals_agrees(board: Board, column: str | None) -> None:
    for some in [{column: name} for name in board.names(column)] if column else [{}]:
        for start, end in pairwise(QUARTERS):
            days = {"from": str(start.date()), "to": str(end.date())}
            funnel = shown_of(board.get("/funnel", **days, **board.filters(some)))
            expected = board.of(start, end, **some).funnel()
            assert funnel == {name: pytest.approx(it) for name, it in expected.items()}, (some, days)


def shown_of(funnel: dict[str, Any]) -> dict[str, Any]:
    """The answer in the words of the expected one."""
    stages = {it["stage"]: it for it in funnel["stages"]}
    counted = ("implied", "strict", "reached", "standing", "undecided", "lost")
    return {
        "opened, open, won, lost": tuple(funnel[name] for name in ("opened", "open", "won", "lost")),
        **{name: tuple(it[name] for it in stages.values()) for name in counted},
        "worth": tuple(sum(one["value"] for one in it["implied_amount"]) for it in stages.values()),
        "standing worth": tuple(sum(one["value"] for one in it["amount"]) for it in stages.values()),
        "days engaging": tuple(
            None if minutes is None else minutes / MINUTES_A_DAY
            for minutes in (stages["engaging"]["minutes_median"], stages["engaging"]["minutes_p90"])
        ),
    }


def test_a_quarters_won_amount_is_made_of_the_files_rows(board: Board) -> None:
    days = {"from": "2017-04-01", "to": "2017-07-01"}
    items: list[dict[str, Any]] = []
    cursor: str | None = "0"
    while cursor is not None:
        page = board.get("/explain", kpi="won_amount", limit="200", cursor=cursor, **days)
        items += page["items"]
        cursor = page["next"]
    rows = board.of(*days.values()).closed("Won")
    assert {it["entity"]: it["value"] for it in items} == {
        f"deal-{key}": value for key, value in zip(rows.opportunity_id, rows.close_value, strict=True)
    }
    assert len(items) == len(rows)
    assert {it["currency"] for it in items} == {"USD"}
    assert {event["type"] for it in items for event in it["events"]} == {"deal-won.v1"}
    (part,) = page["parts"]
    assert part["entities"] == len(rows)
    assert part["totals"] == [{"currency": "USD", "value": rows.close_value.sum()}]
    assert [kpi["value"] for kpi in page["values"]] == [rows.close_value.sum()]


def test_years_that_were_imported_have_no_champions(board: Board) -> None:
    assert board.get("/awards") == []


def test_every_board_shows_it_in_a_browser(board: Board, browser: webdriver.Chrome) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    for at, name in enumerate(BOARDS):
        opened(browser, board.url, board=name, lang=("zh", "en")[at % 2], **YEAR)
        for size in (SIZES[0], SIZES[-2]):
            sized(browser, *size)
            settles(browser, WIDER, OVERLAPS, what=f"{name} at {size}")
            browser.save_screenshot(str(PICTURES / f"crm-{name}-{size[0]}.png"))
    opened(browser, board.url, board="sales", lang="en", **YEAR)
    year = board.get("/kpis", kpi="won_amount", **YEAR)["kpis"][0]
    wait_for(browser, "won_amount", str(year["value"]))
    nothing_was_complained_of(browser)
