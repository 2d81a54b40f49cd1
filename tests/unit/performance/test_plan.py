"""Decisions about plans."""

from dataclasses import replace
from datetime import date
from functools import partial, reduce
from typing import Final

import pytest

from services.performance import plan
from services.performance.plan import PLAN, draw, withdraw
from services.performance.plan_parts import MOST_PARTS, Wanted, Wish
from shared.events.plan import By, Levels, PlanEvent, PlanSplit
from tests.given import given
from tests.unit.performance.planning import (
    GONE,
    NEW_YEAR,
    NEXT,
    NOON,
    amounts,
    by_weight,
    drawn,
    happened,
    levels,
    periods,
    splitting,
)

YEAR: Final = drawn()
DEPARTMENTS: Final = {"大客户部": "key-accounts", "中小客户部": "smb"}
"""What the departments are called, and their ids."""
TWO: Final = by_weight("department", {DEPARTMENTS["大客户部"]: 7, DEPARTMENTS["中小客户部"]: 3})
QUARTERS: Final = happened(YEAR, periods())
away = partial(withdraw, at=NOON)


def test_a_plan_is_drawn_once() -> None:
    given(PLAN).when(partial(draw, drawn=YEAR)).then(YEAR)
    later = YEAR.model_copy(update={"occurred_at": GONE.occurred_at})
    given(PLAN, YEAR).when(partial(draw, drawn=later)).then()


def test_another_plan_cannot_have_its_id_and_a_withdrawn_one_is_not_drawn_again() -> None:
    given(PLAN, YEAR).when(partial(draw, drawn=drawn(levels(1, 2, 3)))).then_refused("id-taken")
    given(PLAN, YEAR, GONE).when(partial(draw, drawn=YEAR)).then_refused("plan-withdrawn")


@pytest.mark.parametrize("amounts", [levels(2, 1, 3), levels(1, 3, 2), levels(3, 2, 1)], ids=str)
def test_levels_out_of_order_are_refused(amounts: Levels) -> None:
    given(PLAN).when(partial(draw, drawn=drawn(amounts))).then_refused("levels")


def test_a_plan_has_a_day_at_least_and_a_leap_year_at_most() -> None:
    never = drawn(start=NEW_YEAR, end=NEW_YEAR)
    given(PLAN).when(partial(draw, drawn=never)).then_refused("empty-period")
    year = drawn(end=NEXT.replace(day=2))
    given(PLAN).when(partial(draw, drawn=year)).then(year)
    given(PLAN).when(partial(draw, drawn=drawn(end=NEXT.replace(day=3)))).then_refused("long-period")


def test_a_year_is_split_into_quarters_by_their_days() -> None:
    _, split = happened(drawn(levels(3_650_00, 36_500_00, 36_500_01)), periods())
    # a day's part is ten times as much as of the floor; the one unit more is Q3's, first of the longest
    assert amounts(split) == {
        "2026-Q1": (900_00, 9_000_00, 9_000_00),
        "2026-Q2": (910_00, 9_100_00, 9_100_00),
        "2026-Q3": (920_00, 9_200_00, 9_200_01),
        "2026-Q4": (920_00, 9_200_00, 9_200_00),
    }


def test_a_season_is_told_by_weights_in_whatever_order() -> None:
    wish = Wish(
        "period",
        parts=[
            Wanted("2026-Q4", weight=4),
            Wanted("2026-Q1", weight=0),
            Wanted(start=date(2026, 4, 1), end=date(2026, 7, 1), weight=3),
            Wanted("2026-Q3", weight=3),
        ],
    )
    _, split = happened(YEAR, wish)
    assert amounts(split) == {
        "2026-Q1": (0, 0, 0),
        "2026-Q2": (240, 300, 360),
        "2026-Q3": (240, 300, 360),
        "2026-Q4": (320, 400, 480),
    }


def test_departments_and_their_teams_and_people_get_their_weights() -> None:
    _, split, teams, people = happened(
        YEAR,
        TWO,
        by_weight("team", {"east": 1, "north": 1}, "root/department:key-accounts"),
        by_weight("person", {"wang": 2, "li": 1}, "root/department:key-accounts/team:east"),
    )
    assert amounts(split) == {
        f"department:{DEPARTMENTS['大客户部']}": (560, 700, 840),
        f"department:{DEPARTMENTS['中小客户部']}": (240, 300, 360),
    }
    assert amounts(teams) == {"team:east": (280, 350, 420), "team:north": (280, 350, 420)}
    # 280 is 186 2/3 and 93 1/3, 350 is 233 1/3 and 116 2/3
    assert amounts(people) == {"person:wang": (187, 233, 280), "person:li": (93, 117, 140)}
    assert isinstance(people, PlanSplit)
    assert people.version == 1
    assert people.parts[0].scope.model_dump(exclude_none=True) == {
        "start": NEW_YEAR,
        "end": NEXT,
        "kind": "year",
        "department": "key-accounts",
        "team": "east",
        "person": "wang",
    }


def test_a_label_in_any_script_makes_a_key_that_is_safe() -> None:
    _, split = happened(YEAR, by_weight("region", {"华东": 1, "华北/东北": 1, "50% & more?": 1}))
    assert isinstance(split, PlanSplit)
    assert [part.key for part in split.parts] == [
        "root/region:华东",
        "root/region:华北~2f东北",
        "root/region:50~25~20~26~20more~3f",
    ]
    assert [part.scope.region for part in split.parts] == ["华东", "华北/东北", "50% & more?"]


def test_the_same_split_again_changes_nothing_whatever_its_order() -> None:
    events = happened(YEAR, TWO)
    given(PLAN, *events).when(splitting(TWO)).then()
    turned = replace(TWO, parts=list(reversed(TWO.parts or ())))
    given(PLAN, *events).when(splitting(turned)).then()
    below = happened(YEAR, TWO, by_weight("team", {"east": 1}, "root/department:smb"))
    given(PLAN, *below).when(splitting(TWO)).then()


def test_splitting_anew_starts_the_next_version_of_the_whole_tree() -> None:
    below = by_weight("team", {"east": 1}, "root/department:smb")
    other = by_weight("department", {"key-accounts": 1, "smb": 1})
    versions = [
        event.version
        for event in happened(YEAR, TWO, below, other, below, TWO)
        if isinstance(event, PlanSplit)
    ]
    assert versions == [1, 1, 2, 2, 3]  # in version 2 the department is whole again: its split is a first one


def test_the_same_weights_from_another_source_are_another_split() -> None:
    same = replace(TWO, basis="last-year")
    (split,) = plan.split(_state(*happened(YEAR, TWO)), wish=same, at=NOON)
    assert isinstance(split, PlanSplit)
    assert (split.version, split.basis) == (2, "last-year")


def test_weights_may_come_from_elsewhere() -> None:
    unweighed = Wish("person", basis="last-year", parts=[Wanted("wang"), Wanted("li")])
    (split,) = plan.split(_state(YEAR), wish=unweighed, weights=[0, 5], at=NOON)
    assert amounts(split) == {"person:wang": (0, 0, 0), "person:li": (800, 1000, 1200)}


@pytest.mark.parametrize(
    ("node", "by"),
    [
        ("root/2026-Q1/2026-01/2026-W01", "period"),
        ("root/2026-Q2/department:smb", "department"),
        ("root/2026-Q2/department:smb/team:west", "department"),
        ("root/2026-Q2/department:smb/team:west", "team"),
        ("root/2026-Q2/department:smb/team:west/person:chen", "team"),
        ("root/2026-Q2/department:smb/team:west/person:chen", "person"),
        ("root/2026-Q3/line:Atlas", "line"),
        ("root/2026-Q3/line:Atlas/region:华东", "region"),
    ],
)
def test_what_is_said_of_a_node_is_not_split_by_once_more(node: str, by: By) -> None:
    tree = happened(
        YEAR,
        periods(),
        periods("root/2026-Q1"),
        periods("root/2026-Q1/2026-01"),
        by_weight("department", {"smb": 1}, "root/2026-Q2"),
        by_weight("team", {"west": 1}, "root/2026-Q2/department:smb"),
        by_weight("person", {"chen": 1}, "root/2026-Q2/department:smb/team:west"),
        by_weight("line", {"Atlas": 1}, "root/2026-Q3"),
        by_weight("region", {"华东": 1}, "root/2026-Q3/line:Atlas"),
    )
    wish = periods(node) if by == "period" else by_weight(by, {"x": 1}, node)
    given(PLAN, *tree).when(splitting(wish)).then_refused("wrong-split")


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ([("2026-01", "2026-02"), ("2026-02", "2026-03")], "wrong-split"),
        ([("2026-01", "2026-04"), ("2026-03", "2026-06")], "periods-overlap"),
        ([("2026-01", "2026-04"), ("2026-01", "2026-04")], "part-twice"),
        ([("2026-01", "2026-04"), ("2026-04", "2026-07")], "periods-missing"),
        ([("2025-10", "2026-01"), ("2026-01", "2026-04")], "wrong-split"),
        ([], "no-parts"),
    ],
    ids=str,
)
def test_periods_are_those_of_the_calendar_all_of_them_once(parts: list[tuple[str, str]], code: str) -> None:
    days = [(date.fromisoformat(f"{start}-01"), date.fromisoformat(f"{end}-01")) for start, end in parts]
    wish = Wish("period", parts=[Wanted(start=start, end=end, weight=1) for start, end in days])
    given(PLAN, YEAR).when(splitting(wish)).then_refused(code)


def test_a_period_that_the_calendar_does_not_know_is_refused() -> None:
    wish = Wish("period", parts=[Wanted("2026-Q5", weight=1)])
    given(PLAN, YEAR).when(splitting(wish)).then_refused("wrong-split")


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ([], "no-parts"),
        (None, "no-parts"),
        ([Wanted("wang", weight=1), Wanted("wang", weight=2)], "part-twice"),
        ([Wanted("wang", weight=0), Wanted("li", weight=0)], "no-weights"),
        ([Wanted("wang", weight=1), Wanted("li")], "no-weights"),
        ([Wanted(f"p{n}", weight=1) for n in range(MOST_PARTS + 1)], "too-many-parts"),
    ],
    ids=["none", "absent", "twice", "weightless", "unweighed", "many"],
)
def test_parts_that_make_no_split_are_refused(parts: list[Wanted] | None, code: str) -> None:
    given(PLAN, YEAR).when(splitting(Wish("person", parts=parts))).then_refused(code)


def test_as_many_parts_as_there_may_be_sum_exactly() -> None:
    _, split = happened(YEAR, by_weight("person", {f"p{n}": 1 for n in range(MOST_PARTS)}))
    assert sum(part[1] for part in amounts(split).values()) == 1000


def test_a_node_that_is_not_in_the_version_that_stands_is_unknown() -> None:
    below = periods("root/2026-Q1")
    given(PLAN, YEAR).when(splitting(below)).then_refused("unknown-node")
    replaced = happened(YEAR, periods(), TWO)
    given(PLAN, *replaced).when(splitting(below)).then_refused("unknown-node")


def test_a_plan_does_not_grow_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "MOST_DAYS", 4 * 365)
    full = happened(YEAR, TWO, by_weight("region", {"华东": 1, "华南": 1}))  # two leaves in each version
    given(PLAN, *full).when(splitting(by_weight("line", {"Atlas": 1}))).then_refused("plan-too-large")
    quarters = splitting(periods("root/region:华东"))
    assert quarters(_state(*full))  # periods share the days that are there


def test_a_plan_is_withdrawn_once_and_then_not_split() -> None:
    given(PLAN, *QUARTERS).when(away).then(GONE)
    given(PLAN, *QUARTERS, GONE).when(away).then()
    given(PLAN, *QUARTERS, GONE).when(splitting(TWO)).then_refused("plan-withdrawn")


def test_a_plan_that_was_never_drawn_is_not_found() -> None:
    given(PLAN).when(away).then_refused("not-found")
    given(PLAN).when(splitting(TWO)).then_refused("not-found")


def _state(*events: PlanEvent) -> plan.Plan:
    return reduce(PLAN.evolve, events, PLAN.initial)
