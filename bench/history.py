"""What happened in a made-up company, as consumers of its events see it: pure, from a seed."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import Final

from bench.company import LINES, SELLING, TEAMS, ZONE, months, morning, people
from bench.story import story
from shared.events.event import Event, Money
from shared.events.market import MarketEstimated
from shared.events.organisation import PersonJoined, PersonLeft, PersonMoved, TeamFormed
from shared.events.rate import RateSet
from shared.events.receivable import ReceiptRecorded
from shared.events.seen import Seen
from shared.events.target import TargetSet

DAYS: Final = 730
EVENTS_IN_A_STORY: Final = 13.4
"""As measured."""
RATES: Final = {"USD": 7.1, "EUR": 7.8}
TARGET: Final = Money(minor=900_000_00)
MARKET: Final = Money(minor=10**12)


def history(events: int, *, end: date, seed: int) -> Iterator[Seen]:
    """About so many events of the two years before ``end``, in the order they were recorded."""
    chance = Random(seed)
    start, over = end - timedelta(days=DAYS), datetime.combine(end, time.min, ZONE).astimezone(UTC)
    revisions: Counter[str] = Counter()
    last: dict[str, datetime] = {}
    for at, event in _in_order(_organisation(start, end, chance), _stories(events, start, chance)):
        if at >= over:
            return
        stream = f"{event.category}-{getattr(event, event.key)}"
        revision = revisions[stream]
        last[stream] = recorded_at = max(at, last.get(stream, at))
        key = f"{stream}/{revision}"
        yield Seen(key, event.type, stream, revision, recorded_at, "sales", key, event.wire())
        revisions[stream] += 1


def _in_order(
    first: Iterable[Event], stories: Iterable[tuple[datetime, Iterable[Event]]]
) -> Iterator[tuple[datetime, Event]]:
    """Each event with the moment it was recorded; holds no more than the stories that go on at once."""
    ties = count()
    waiting: list[tuple[datetime, int, Event]] = []

    def wait(events: Iterable[Event]) -> None:
        for event in events:
            heappush(waiting, (_recorded_at(event), next(ties), event))

    wait(first)
    for begins, events in stories:
        while waiting and waiting[0][0] < begins:
            at, _, event = heappop(waiting)
            yield at, event
        wait(events)
    while waiting:
        at, _, event = heappop(waiting)
        yield at, event


def _recorded_at(event: Event) -> datetime:
    """At once; but what came in at the bank is in the books the next day."""
    return event.occurred_at + timedelta(days=1 if isinstance(event, ReceiptRecorded) else 0)


def _stories(events: int, start: date, chance: Random) -> Iterator[tuple[datetime, Iterable[Event]]]:
    many = round(events / EVENTS_IN_A_STORY)
    for number in range(many):
        begins = morning(start) + timedelta(days=DAYS) * number / many
        yield begins, story(number, begins, share=number / many, chance=chance)


def _organisation(start: date, end: date, chance: Random) -> Iterator[Event]:
    """Teams, people who come, move and leave, targets, rates and what is said about the market."""
    at = morning(start)
    for it in TEAMS:
        yield TeamFormed(
            occurred_at=at, team_id=it.id, name=it.name, department=it.department, region=it.region
        )
        for person in people(it):
            yield PersonJoined(occurred_at=at, person_id=person, team_id=it.id, post="staff", on=start)
    for here, there in zip(SELLING, (*SELLING[1:], SELLING[0]), strict=True):
        moved = at + timedelta(days=chance.randrange(90, DAYS - 60))
        yield PersonMoved(
            occurred_at=moved, person_id=f"{here.id}-0", team_id=there.id, previous=here.id, on=moved.date()
        )
        left = at + timedelta(days=chance.randrange(300, DAYS - 30))
        yield PersonLeft(occurred_at=left, person_id=f"{here.id}-1", on=left.date())
    for since, until in months(start, end):
        yield from _month(morning(max(since, start)), since, until, chance)
    for year in range(start.year, end.year + 1):
        yield from _year(morning(max(date(year, 1, 1), start)), year)


def _month(at: datetime, since: date, until: date, chance: Random) -> Iterator[Event]:
    for base, rate in RATES.items():
        yield RateSet.model_validate(
            {
                "occurred_at": at,
                "rate_id": f"{base}-CNY",
                "base": base,
                "quote": "CNY",
                "on": at.date(),
                "rate": f"{rate * chance.uniform(0.97, 1.03):.4f}",
                "source": "央行 bank",
            }
        )
    for team in SELLING:
        for person in people(team):
            yield TargetSet(
                occurred_at=at,
                target_id=f"{person}-{since:%Y-%m}",
                person_id=person,
                start=since,
                end=until,
                amount=TARGET,
            )


def _year(at: datetime, year: int) -> Iterator[Event]:
    for line in LINES:
        yield MarketEstimated(
            occurred_at=at,
            market_id=f"{line.rpartition(' ')[2].lower()}-{year}",
            line=line,
            start=date(year, 1, 1),
            end=date(year + 1, 1, 1),
            size=MARKET,
            source="年鉴 yearbook",
            estimated_on=at.date(),
        )
