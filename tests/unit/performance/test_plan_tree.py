"""Whatever is split in whatever order: every node of every version is what its children sum to."""

from collections.abc import Sequence
from datetime import timedelta
from functools import reduce
from typing import Any, Final, get_args

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from services.performance import plan_tree
from services.performance.measures import plans
from services.performance.plan import PLAN, Plan, split, withdraw
from services.performance.plan_parts import Wish
from services.performance.plan_tree import Tree, leaves, nodes
from shared.events.plan import By, PlanEvent, PlanSplit
from shared.eventstore.decider import Refused
from tests.unit.performance.planning import NEW_YEAR, NOON, by_weight, drawn, happened, levels, periods

AMOUNTS = st.lists(st.integers(0, 10**13), min_size=3, max_size=3).map(sorted)
NAMES: Final = ("east", "west", "北区", "a/b")
BYS: Final[Sequence[By]] = get_args(By)


@st.composite
def plans_and_their_splits(draw: st.DrawFn) -> list[PlanEvent]:
    """A plan of up to a quarter, and what comes of a dozen wishes; those that are refused make no event."""
    floor, target, stretch = draw(AMOUNTS)
    start = NEW_YEAR + timedelta(days=draw(st.sampled_from((0, 0, 5))))
    end = start + timedelta(days=draw(st.sampled_from((90, 31, 40))))
    first = drawn(levels(floor, target, stretch), start, end)
    state: Plan = PLAN.evolve(PLAN.initial, first)
    events: list[PlanEvent] = [first]
    for _ in range(draw(st.integers(0, 12))):
        tree = _tree(events)
        node = draw(st.sampled_from([it.key for it in nodes(tree)]))
        wish = draw(_wishes(draw(st.sampled_from(BYS)), node))
        try:
            new = split(state, wish=wish, at=NOON)
        except Refused:
            continue
        state = reduce(PLAN.evolve, new, state)
        events += new
    return events


def _wishes(by: By, node: str) -> st.SearchStrategy[Wish]:
    if by == "period":
        return st.just(Wish("period", node))
    names = st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True)
    return names.flatmap(lambda some: _weighed(by, node, some))


def _weighed(by: By, node: str, names: Sequence[str]) -> st.SearchStrategy[Wish]:
    weights = st.lists(st.integers(0, 9), min_size=len(names), max_size=len(names))
    return weights.map(lambda w: by_weight(by, dict(zip(_ids(by, names), w, strict=True)), node))


def _ids(by: By, names: Sequence[str]) -> list[str]:
    """Labels are free; everything else is named in ASCII."""
    return list(names) if by in {"line", "region"} else [f"n{NAMES.index(name)}" for name in names]


def _tree(events: Sequence[Any]) -> Tree:
    tree = reduce(plans.evolve, events, plans.Plan()).tree
    assert tree is not None
    return tree


def _versions(tree: Tree) -> range:
    return range(1, tree.version + 1)


@given(plans_and_their_splits())
def test_every_node_is_the_sum_of_its_children_and_the_root_of_its_leaves(events: list[PlanEvent]) -> None:
    tree = _tree(events)
    for version in _versions(tree):
        splits = plan_tree.splits_of(tree, version)
        found = list(nodes(tree, version))
        assert len({node.key for node in found}) == len(found)
        assert {node.key for node in found if node.split} == splits.keys()
        for node in found:
            assert node.amounts.floor <= node.amounts.target <= node.amounts.stretch
            below = list(plan_tree.below(node, splits))
            assert not below or _sum(child.amounts for child in below) == node.amounts
        assert _sum(leaf.amounts for leaf in leaves(tree, version)) == tree.amounts


@given(plans_and_their_splits())
def test_a_version_stays_as_it_was_when_the_next_one_began(events: list[PlanEvent]) -> None:
    last = _tree(events)
    for i in range(1, len(events)):
        before, after = _tree(events[:i]), _tree(events[: i + 1])
        if before.version < after.version:
            assert [node[:4] for node in nodes(last, before.version)] == [node[:4] for node in nodes(before)]


@given(plans_and_their_splits())
def test_an_event_alone_says_what_the_tree_says(events: list[PlanEvent]) -> None:
    for i, event in enumerate(events):
        if isinstance(event, PlanSplit):
            known = {node.key: node for node in nodes(_tree(events[: i + 1]))}
            for part in event.parts:
                node = known[part.key]
                assert plan_tree.Scope(**part.scope.model_dump()) == node.scope
                assert plan_tree.amounts_of(part.levels) == node.amounts


@given(plans_and_their_splits())
def test_the_boards_get_what_the_root_says_in_every_version(events: list[PlanEvent]) -> None:
    state = reduce(plans.evolve, events, plans.Plan())
    tree = _tree(events)
    sums: dict[tuple[str, int], int] = {}
    for cell, value in plans.contribute(state).items():
        assert cell.currency == tree.currency
        assert tree.scope.start.isoformat() <= cell.day < tree.scope.end.isoformat()
        sums[cell.measure, cell.bucket] = sums.get((cell.measure, cell.bucket), 0) + value
    of_version = {("planned_version_amount", v): tree.amounts.target for v in _versions(tree)}
    now = {
        ("planned_floor_amount", 0): tree.amounts.floor,
        ("planned_amount", 0): tree.amounts.target,
        ("planned_stretch_amount", 0): tree.amounts.stretch,
    }
    assert sums == {measure: amount for measure, amount in (of_version | now).items() if amount}
    gone = plans.evolve(state, withdraw(reduce(PLAN.evolve, events, PLAN.initial), at=NOON)[0])
    assert plans.contribute(gone) == {}


def test_a_new_version_replaces_one_subtree_and_carries_the_others_over() -> None:
    east_and_west = by_weight("department", {"smb": 1, "key": 1})
    events = happened(
        drawn(levels(100, 200, 400)),
        east_and_west,
        by_weight("team", {"a": 1, "b": 3}, "root/department:smb"),
        by_weight("team", {"c": 1}, "root/department:key"),
        by_weight("person", {"wang": 1, "li": 4}, "root/department:smb/team:a"),
        by_weight("line", {"Atlas": 2, "工业网关": 3}, "root/department:smb"),
    )
    tree = _tree(events)
    assert {leaf.key: leaf.amounts for leaf in leaves(tree, 1)} == {
        "root/department:smb/team:a/person:wang": (3, 5, 10),
        "root/department:smb/team:a/person:li": (10, 20, 40),
        "root/department:smb/team:b": (37, 75, 150),
        "root/department:key/team:c": (50, 100, 200),
    }
    assert {leaf.key: leaf.amounts for leaf in leaves(tree)} == {
        "root/department:smb/line:Atlas": (20, 40, 80),
        "root/department:smb/line:工业网关": (30, 60, 120),
        "root/department:key/team:c": (50, 100, 200),
    }


def test_a_tree_is_kept_and_read_again_as_it_is() -> None:
    plan = reduce(plans.evolve, happened(drawn(), periods(), by_weight("region", {"华东": 1})), plans.Plan())
    assert msgspec.json.decode(msgspec.json.encode(plan), type=plans.Plan) == plan


def _sum(amounts: Any) -> tuple[int, ...]:
    return tuple(sum(level) for level in zip(*amounts, strict=True))
