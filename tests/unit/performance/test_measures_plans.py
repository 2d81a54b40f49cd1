"""What a plan adds to the boards, worked out by hand."""

from collections.abc import Mapping
from datetime import date
from functools import reduce
from typing import Any

from msgspec.structs import replace

from services.performance.measures.plans import PLANS, Plan, contribute, evolve, index
from shared.projections.projection import Cell
from tests.unit.performance.planning import GONE, by_weight, drawn, happened, levels, periods

WEEK = {"start": date(2026, 1, 5), "end": date(2026, 1, 9)}
"""Four days of a week."""


def plan(*steps: Any) -> Plan:
    return reduce(evolve, happened(*steps), PLANS.initial)


def told(plan: Plan, measure: str = "planned_amount", bucket: int = 0) -> Mapping[Cell, int]:
    """What the plan adds to one measure, cells of which are told without it."""
    return {
        replace(cell, measure="", bucket=0): value
        for cell, value in contribute(plan).items()
        if (cell.measure, cell.bucket) == (measure, bucket)
    }


def days(amount: str, **place: str) -> dict[Cell, int]:
    """``3 4 4 4`` from Monday, 5 January on."""
    return {
        Cell("", f"2026-01-{day:02}", currency="CNY", **place): int(part)  # type: ignore[arg-type]  # no bucket
        for day, part in enumerate(amount.split(), start=5)
        if int(part)
    }


def test_a_plan_that_is_not_split_belongs_to_the_company() -> None:
    it = plan(drawn(levels(8, 15, 16), **WEEK))
    assert told(it) == days("3 4 4 4")
    assert told(it, "planned_floor_amount") == days("2 2 2 2")
    assert told(it, "planned_stretch_amount") == days("4 4 4 4")
    assert told(it, "planned_version_amount", 1) == days("3 4 4 4")
    assert {cell.measure for cell in contribute(it)} == {
        "planned_amount",
        "planned_floor_amount",
        "planned_stretch_amount",
        "planned_version_amount",
    }


def test_a_person_s_part_names_team_and_department_too() -> None:
    it = plan(
        drawn(levels(0, 15, 15), region="华东", **WEEK),
        by_weight("department", {"smb": 2, "key-accounts": 1}),
        by_weight("team", {"south": 1}, "root/department:smb"),
        by_weight("person", {"chen-si": 3, "zhao-lei": 2}, "root/department:smb/team:south"),
        by_weight("line", {"工业网关": 1}, "root/department:smb/team:south/person:zhao-lei"),
    )
    south = {"region": "华东", "department": "smb", "team": "south"}
    assert told(it) == {
        **days("1 1 1 2", department="key-accounts", region="华东"),  # 5
        **days("1 2 1 2", person="chen-si", **south),  # 6
        **days("1 1 1 1", person="zhao-lei", line="工业网关", **south),  # 4
    }
    assert told(it, "planned_floor_amount") == {}


def test_periods_take_the_days_that_are_theirs() -> None:
    january = drawn(levels(0, 310, 310), date(2026, 1, 1), date(2026, 2, 1))
    it = plan(january, periods(), by_weight("person", {"wang": 1}, "root/2026-W02"))
    cells = told(it)
    assert set(cells.values()) == {10}
    assert len(cells) == 31
    assert [cell.day for cell in cells if cell.person == "wang"] == [f"2026-01-{d:02}" for d in range(5, 12)]


def test_an_older_version_keeps_its_own_numbers() -> None:
    it = plan(
        drawn(levels(4, 8, 12), **WEEK),
        by_weight("team", {"east": 1, "west": 1}),
        by_weight("team", {"east": 3, "west": 1}),
        by_weight("person", {"wang": 1}, "root/team:west"),
    )
    older = {**days("1 1 1 1", team="east"), **days("1 1 1 1", team="west")}
    now = {**days("1 2 1 2", team="east"), **days("0 1 0 1", team="west", person="wang")}
    assert told(it) == now
    assert told(it, "planned_version_amount", 1) == older
    assert told(it, "planned_version_amount", 2) == now


def test_a_withdrawn_plan_adds_nothing_and_a_plan_in_dollars_adds_dollars() -> None:
    assert contribute(plan(drawn(), periods(), GONE)) == {}
    dollars = contribute(plan(drawn(levels(1, 1, 1, "USD"), **WEEK)))
    assert {cell.currency for cell in dollars} == {"USD"}
    assert contribute(Plan()) == {}


def test_plans_are_listed_by_whether_they_stand() -> None:
    assert index(Plan()) == {}
    assert index(plan(drawn())) == {"state": "standing"}
    assert index(plan(drawn(), GONE)) == {"state": "withdrawn"}


def test_a_year_for_forty_people_is_a_cell_for_each_of_them_and_each_day() -> None:
    it = plan(
        drawn(levels(10**9, 2 * 10**9, 3 * 10**9)), by_weight("person", {f"p{n}": n + 1 for n in range(40)})
    )
    assert len(told(it)) == 40 * 365
    assert sum(told(it).values()) == 2 * 10**9
