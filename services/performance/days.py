"""Which business day a moment belongs to."""

from datetime import date, datetime
from zoneinfo import ZoneInfo


def day_of(at: datetime, zone: ZoneInfo) -> str:
    """The business day in ISO form, as cells name it."""
    return at.astimezone(zone).date().isoformat()


def days_between(start: datetime, end: datetime, zone: ZoneInfo) -> int:
    """Whole business days from one moment's day to the other's."""
    return (end.astimezone(zone).date() - start.astimezone(zone).date()).days


def minutes_between(start: datetime, end: datetime) -> int:
    """Whole minutes, cut off; never negative."""
    return max(0, int((end - start).total_seconds() // 60))


def minute_of(at: datetime) -> int:
    """The whole minutes from 1970 to it: a moment as a bucket."""
    return int(at.timestamp() // 60)


def today(now: datetime, zone: ZoneInfo) -> date:
    return now.astimezone(zone).date()
