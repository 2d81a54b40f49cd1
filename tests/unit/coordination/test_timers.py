"""The breach of a due time is said once, whatever happens to the process in between."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from functools import partial

from services.coordination import passing
from services.coordination.timers import timers
from shared.events.event import Envelope
from shared.service.streaming import _timers
from tests.counted import counting, said
from tests.unit.coordination.conftest import Service
from tests.unit.coordination.examples import DUE, at, requested
from tests.waiting import until

BY_HAND = Envelope(actor="p-chen", role="production", correlation_id="c-1")
BY_TIMER = Envelope(actor="coordination", role="system", correlation_id="c-2")
BREACHES = "baton_handoffs_breached_total"
MICROSECOND = timedelta(microseconds=1)


async def ask(service: Service) -> None:
    await service.handoffs.transact("ho-1", partial(passing.request, requested=requested), BY_HAND)
    await service.following.catch_up()


async def types(service: Service) -> list[str]:
    return [event.type for event in await service.store.read("handoff-ho-1")]


async def test_nothing_is_due_before_the_due_time(service: Service) -> None:
    await ask(service)
    [timer] = timers(service.handoffs, service.kept)
    assert timer.due(DUE - MICROSECOND) == {}


async def test_it_is_due_from_its_moment_on_whatever_the_clocks_zone(service: Service) -> None:
    await ask(service)
    [timer] = timers(service.handoffs, service.kept)
    assert timer.due(DUE) == {"ho-1": DUE}
    shanghai = timezone(timedelta(hours=8))
    assert timer.due(DUE.astimezone(shanghai)) == {"ho-1": DUE}
    assert timer.due((DUE - MICROSECOND).astimezone(shanghai)) == {}
    assert timer.due(DUE + MICROSECOND) == {"ho-1": DUE}
    assert timer.due(at(20)) == {"ho-1": DUE}


async def test_what_comes_due_is_breached_once(service: Service) -> None:
    await ask(service)
    [timer] = timers(service.handoffs, service.kept)
    did = [await timer.fire("ho-1", at(13), BY_TIMER) for _ in range(2)]
    assert did == [True, False]  # the read model may be behind: then the same is due again
    assert await types(service) == ["handoff-requested.v1", "handoff-breached.v1"]
    await service.following.catch_up()
    assert timer.due(at(20)) == {}


async def test_a_breach_counts_once_whoever_says_it_first(service: Service) -> None:
    [timer] = timers(service.handoffs, service.kept)
    await ask(service)
    with counting(BREACHES, 1, kind="order-to-production"):
        for _ in range(2):
            await timer.fire("ho-1", at(13), BY_TIMER)
        settle = partial(passing.settle, by="p-chen", at=at(14))
        await service.handoffs.transact("ho-1", settle, BY_HAND)
    late = requested.model_copy(update={"handoff_id": "ho-2", "kind": "made-up"})
    await service.handoffs.transact("ho-2", partial(passing.request, requested=late), BY_HAND)
    with counting(BREACHES, 1, kind="other"):
        cancel = partial(passing.cancel, reason="Nobody needs it", at=at(14))
        await service.handoffs.transact("ho-2", cancel, BY_HAND)


async def test_how_late_a_timer_was_counts_once_though_its_list_is_behind(service: Service) -> None:
    await ask(service)
    seconds_before, started = late_seconds(), datetime.now(UTC)
    running = asyncio.create_task(_timers(timers(service.handoffs, service.kept), "coordination"))
    breaching = {"category": "handoff", "decision": "breach"}
    again = partial(said, "baton_commands_total", **breaching, outcome="ignored")
    fired_again = again()
    with (
        counting("baton_timer_late_seconds_count", 1, timer="breach-handoff"),
        counting("baton_commands_total", 1, **breaching, outcome="done"),
    ):
        await until(lambda: again() >= fired_again + 2)
        assert said("baton_timers_due", timer="breach-handoff") == 1
        await service.following.catch_up()
        await until(lambda: said("baton_timers_due", timer="breach-handoff") == 0)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    late = timedelta(seconds=late_seconds() - seconds_before)
    assert started - DUE < late < datetime.now(UTC) - DUE


def late_seconds() -> float:
    return said("baton_timer_late_seconds_sum", timer="breach-handoff")


async def test_it_is_breached_whoever_has_it(service: Service) -> None:
    await ask(service)
    send_back = partial(passing.send_back, by="p-chen", reason="Which voltage?", at=at(2))
    await service.handoffs.transact("ho-1", send_back, BY_HAND)
    await service.following.catch_up()
    [timer] = timers(service.handoffs, service.kept)
    assert timer.due(at(13)) == {"ho-1": DUE}
    await timer.fire("ho-1", at(13), BY_TIMER)
    assert (await types(service))[-1] == "handoff-breached.v1"


async def test_what_was_closed_meanwhile_is_left_alone(service: Service) -> None:
    await ask(service)
    [timer] = timers(service.handoffs, service.kept)
    await service.handoffs.transact("ho-1", partial(passing.settle, by="p-chen", at=at(9)), BY_HAND)
    await timer.fire("ho-1", at(13), BY_TIMER)
    assert (await types(service))[-1] == "handoff-completed.v1"
    await service.following.catch_up()
    assert timer.due(at(20)) == {}
