"""What managers, and the other side, may do with a webhook."""

from functools import partial

import pytest

from services.coordination.webhooks import subscribing
from services.coordination.webhooks.webhook import WEBHOOK, Live, Webhook
from shared.events.webhook import WebhookEvent
from tests.given import Given
from tests.given import given as given_of
from tests.unit.coordination.webhooks.examples import (
    at,
    changed,
    disabled,
    paused,
    removed,
    replayed,
    resumed,
    rotated,
    subscribed,
)

subscribe_it = partial(subscribing.subscribe, wanted=subscribed, others=0)
change_it = partial(subscribing.change, wanted=changed)
pause_it = partial(subscribing.pause, at=at(3))
resume_it = partial(subscribing.resume, at=at(4))
rotate_it = partial(subscribing.rotate, overlap=rotated.overlap_until - at(5), at=at(5))
replay_it = partial(subscribing.replay, since=at(1), at=at(6))
disable_it = partial(subscribing.disable, reason=disabled.reason, at=at(7))
remove_it = partial(subscribing.remove, at=at(8))
DECISIONS = {
    "change": change_it,
    "pause": pause_it,
    "resume": resume_it,
    "rotate": rotate_it,
    "replay": replay_it,
}


def given(*events: WebhookEvent) -> Given[Webhook, WebhookEvent]:
    return given_of(WEBHOOK, *events)


def test_somebody_subscribes_once() -> None:
    given().when(subscribe_it).then(subscribed)
    given(subscribed, paused).when(subscribe_it).then()


def test_an_id_belongs_to_one_webhook_for_ever() -> None:
    other = subscribed.model_copy(update={"url": "https://other.example.com"})
    given(subscribed).when(partial(subscribing.subscribe, wanted=other, others=1)).then_refused("id-taken")
    given(subscribed, removed).when(subscribe_it).then_refused("id-taken")


def test_a_hundred_is_enough() -> None:
    last, one_more = (partial(subscribing.subscribe, wanted=subscribed, others=n) for n in (99, 100))
    given().when(last).then(subscribed)
    given().when(one_more).then_refused("too-many-webhooks")
    given(subscribed).when(one_more).then()


def test_it_is_changed_once() -> None:
    given(subscribed).when(change_it).then(changed)
    given(subscribed, changed).when(change_it).then()


def test_it_is_paused_and_resumed_once() -> None:
    given(subscribed).when(pause_it).then(paused)
    given(subscribed, paused).when(pause_it).then()
    given(subscribed, paused).when(resume_it).then(resumed)
    given(subscribed).when(resume_it).then()


def test_the_other_side_disables_it_once_and_somebody_resumes_it() -> None:
    given(subscribed).when(disable_it).then(disabled)
    given(subscribed, paused).when(disable_it).then(disabled)
    given(subscribed, disabled).when(disable_it).then()
    given(subscribed, disabled).when(pause_it).then_refused("webhook-disabled")
    given(subscribed, disabled).when(resume_it).then(resumed)


def test_word_of_what_is_gone_comes_too_late() -> None:
    given().when(disable_it).then()
    given(subscribed, removed).when(disable_it).then()


def test_each_rotation_and_replay_is_one_more() -> None:
    given(subscribed).when(rotate_it).then(rotated)
    given(subscribed, rotated).when(rotate_it).then(rotated.model_copy(update={"secret": 3}))
    given(subscribed, disabled).when(replay_it).then(replayed)
    given(subscribed, replayed).when(replay_it).then(replayed.model_copy(update={"reading": 3}))


def test_it_is_removed_once() -> None:
    given(subscribed).when(remove_it).then(removed)
    given(subscribed, removed).when(remove_it).then()
    given().when(remove_it).then_refused("not-found")


@pytest.mark.parametrize("decision", DECISIONS)
def test_nothing_happens_to_what_is_not_there(decision: str) -> None:
    given().when(DECISIONS[decision]).then_refused("not-found")
    given(subscribed, removed).when(DECISIONS[decision]).then_refused("not-found")


def test_what_it_comes_to() -> None:
    state = given(subscribed, changed, rotated, replayed, paused, resumed).state
    assert isinstance(state, Live)
    it = state.it
    assert (it.described, it.secret, it.reading, it.since) == (changed, 2, 2, at(1))
    assert it.overlap_until == rotated.overlap_until
