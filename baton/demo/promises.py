"""What each seller promises for the present month, a little under or over what is asked of them."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from random import Random
from typing import Any, Final

from baton.demo import company
from baton.demo.clock import ZONE, at_work
from baton.demo.company import Person
from baton.demo.telling import Step, money

PROMISED: Final = (70, 80, 85, 90, 95, 100, 105)
"""In per cent of the target."""
HOPED: Final = (5, 10, 20, 30)
"""How many per cent more in the best case."""
THOUSANDS: Final = 1_000_00
"""In 分: nobody promises odd amounts."""


def commits(at: datetime, *, seed: int) -> Iterator[Step]:
    """Given on the month's first working morning, or just now, where that is still to come."""
    month = at.astimezone(ZONE).date().replace(day=1)
    morning = min(at, at_work(datetime.combine(month, time(), ZONE)))
    until = (month + timedelta(days=32)).replace(day=1)
    for seller in company.sellers():
        period = {"start": str(month), "end": str(until)}
        said = _said(seller, Random(f"{seed}/{seller.id}/{month}"))
        yield Step(morning, "performance", "/commits", {"person_id": seller.id, **period, **said})


def _said(seller: Person, chance: Random) -> dict[str, Any]:
    promised = chance.choice(PROMISED)
    hoped = promised + chance.choice(HOPED)
    return {
        "commit": money(seller.target * promised // THOUSANDS * THOUSANDS),
        "best_case": money(seller.target * hoped // THOUSANDS * THOUSANDS),
    }
