"""A made-up company for measuring: who works there, what it sells and to whom; nobody's real name."""

from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

ZONE: Final = ZoneInfo("Asia/Shanghai")
OPENS: Final = time(9)
CLOSES: Final = time(18)
SUNDAY: Final = 6


class Team(NamedTuple):
    id: str
    name: str
    department: str
    region: str | None
    people: int


class Product(NamedTuple):
    name: str
    line: str
    yuan: int


TEAMS: Final = (
    Team("east", "华东销售部", "sales", "华东", 6),
    Team("north", "华北销售部", "sales", "华北", 6),
    Team("south", "华南销售部", "sales", "华南", 6),
    Team("west", "西南销售部", "sales", "西南", 6),
    Team("overseas", "海外销售部", "export", "海外", 6),
    Team("marketing", "市场部", "marketing", None, 3),
    Team("operations", "运营部", "operations", None, 4),
    Team("service", "客户服务部", "service", None, 3),
)
LINES: Final = (
    "工业网关 Gateways",
    "传感器 Sensors",
    "控制器 Controllers",
    "机器人 Robots",
    "云平台 Cloud",
)
PRODUCTS: Final = tuple(
    Product(f"{line.rpartition(' ')[2][:2].upper()}-{100 + 20 * n}", line, 900 * (n + 1) * (place + 1) ** 2)
    for place, line in enumerate(LINES)
    for n in range(6)
)
CUSTOMERS: Final = 2_000
SELLING: Final = tuple(team for team in TEAMS if team.region is not None)


def people(team: Team) -> list[str]:
    return [f"{team.id}-{n}" for n in range(team.people)]


SELLERS: Final = tuple(person for team in SELLING for person in people(team))


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


def morning(day: date) -> datetime:
    return datetime.combine(day, OPENS, ZONE)


def months(start: date, end: date) -> list[tuple[date, date]]:
    """Each month that begins from ``start`` on and before ``end``, with the first day no longer in it."""
    found = []
    first = start.replace(day=1)
    while first < end:
        then = (first + timedelta(days=32)).replace(day=1)
        found.append((first, then))
        first = then
    return found
