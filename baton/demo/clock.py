"""When people work: Monday to Saturday, nine to six in Shanghai."""

from datetime import datetime, time, timedelta
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

ZONE: Final = ZoneInfo("Asia/Shanghai")
OPENS: Final = time(9)
CLOSES: Final = time(18)
SUNDAY: Final = 6


def at_work(moment: datetime) -> datetime:
    """The moment itself if somebody works then, else the next morning with the same minutes."""
    local = moment.astimezone(ZONE)
    if local.time() < OPENS:
        local = local.replace(hour=OPENS.hour)
    elif local.time() >= CLOSES:
        local = (local + timedelta(days=1)).replace(hour=OPENS.hour)
    while local.weekday() == SUNDAY:
        local = (local + timedelta(days=1)).replace(hour=OPENS.hour)
    return local


class Clock:
    """Goes from step to step of a story, each at a working hour."""

    def __init__(self, start: datetime, chance: Random) -> None:
        self._chance = chance
        self.now = at_work(start)

    def after(self, *, hours: float = 0.0, days: float = 0.0) -> datetime:
        """About so much later: between half of it and one and a half times it."""
        span = timedelta(hours=hours, days=days) * self._chance.uniform(0.5, 1.5)
        self.now = at_work(self.now + span + timedelta(seconds=1))
        return self.now
