"""Decisions about teams."""

from functools import partial

from services.performance.team import TEAM, change, form
from shared.events.examples.cast import at
from shared.events.organisation import TeamChanged, TeamFormed
from tests.given import given

EAST = TeamFormed(
    team_id="east", name="East", department="sales", region="East", occurred_at=at("01-02 09:00")
)
RENAMED = TeamChanged(
    team_id="east", name="East 1", department="sales", region="East", occurred_at=at("02-02 09:00")
)


def test_a_team_is_formed_once() -> None:
    given(TEAM).when(partial(form, formed=EAST)).then(EAST)
    given(TEAM, EAST).when(partial(form, formed=EAST)).then()


def test_another_team_cannot_have_its_id() -> None:
    other = EAST.model_copy(update={"name": "West"})
    given(TEAM, EAST).when(partial(form, formed=other)).then_refused("id-taken")


def test_a_team_changes_and_the_same_change_again_is_ignored() -> None:
    given(TEAM, EAST).when(partial(change, changed=RENAMED)).then(RENAMED)
    given(TEAM, EAST, RENAMED).when(partial(change, changed=RENAMED)).then()


def test_a_team_that_is_not_there_cannot_change() -> None:
    given(TEAM).when(partial(change, changed=RENAMED)).then_refused("not-found")
