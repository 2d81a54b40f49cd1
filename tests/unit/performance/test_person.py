"""Decisions about people."""

from functools import partial

from services.performance.person import PERSON, join, leave, move
from shared.events.examples.cast import at, on
from shared.events.organisation import PersonLeft, PersonMoved
from tests.given import given
from tests.unit.performance.world import joined

WANG = joined("wang", "east", "01-02")
NOW = at("03-01 09:00")
MOVED = PersonMoved(person_id="wang", team_id="west", previous="east", on=on("03-15"), occurred_at=NOW)
LEFT = PersonLeft(person_id="wang", on=on("04-01"), occurred_at=NOW)

to_west = partial(move, team_id="west", on=on("03-15"), at=NOW)
away = partial(leave, on=on("04-01"), at=NOW)


def test_a_person_joins_once() -> None:
    given(PERSON).when(partial(join, joined=WANG)).then(WANG)
    given(PERSON, WANG).when(partial(join, joined=WANG)).then()
    given(PERSON, WANG, LEFT).when(partial(join, joined=WANG)).then()


def test_another_person_cannot_have_the_id() -> None:
    other = WANG.model_copy(update={"name": "Li"})
    given(PERSON, WANG).when(partial(join, joined=other)).then_refused("id-taken")


def test_a_person_moves_to_another_team() -> None:
    given(PERSON, WANG).when(to_west).then(MOVED)
    given(PERSON, WANG, MOVED).when(to_west).then()


def test_nothing_changes_before_the_last_change() -> None:
    back = partial(move, team_id="east", on=on("03-14"), at=NOW)
    given(PERSON, WANG, MOVED).when(back).then_refused("out-of-order")
    given(PERSON, WANG, MOVED).when(partial(leave, on=on("03-14"), at=NOW)).then_refused("out-of-order")


def test_a_person_leaves_once_and_moves_no_more() -> None:
    given(PERSON, WANG).when(away).then(LEFT)
    given(PERSON, WANG, LEFT).when(away).then()
    given(PERSON, WANG, LEFT).when(to_west).then_refused("person-left")


def test_somebody_who_never_joined_neither_moves_nor_leaves() -> None:
    given(PERSON).when(to_west).then_refused("not-found")
    given(PERSON).when(away).then_refused("not-found")
