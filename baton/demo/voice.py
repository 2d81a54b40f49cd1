"""What customers say when they are asked, of a delivery or a complaint; and how big the market is."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from random import Random
from types import MappingProxyType
from typing import Any, Final

from baton.demo import company, words
from baton.demo.clock import ZONE, Clock, at_work
from baton.demo.telling import Step, Telling, money

ANSWERS: Final = 0.6
THINKS_AGAIN: Final = 0.05
CENTS: Final = 100

SCORES: Final[Mapping[str, Sequence[int]]] = MappingProxyType(
    {
        "csat": (1, 2, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 5),
        "nps": (0, 3, 5, 6, 7, 7, 8, 8, 8, 9, 9, 9, 9, 10, 10, 10, 10, 10),
    }
)
"""As often as they are said."""

MARKETS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "工业网关 Gateways": 640_000_000,
        "传感器 Sensors": 210_000_000,
        "控制器 Controllers": 580_000_000,
        "云平台 Cloud": 320_000_000,
    }
)
"""What everybody together sells of a line in a year, in yuan."""


def asked(it: Telling, kind: str, about: str, since: datetime) -> Iterator[Step]:
    """A day or so later; most customers answer, and now and then one thinks better of it."""
    clock, chance, survey = Clock(since, it.chance), it.chance, f"{about}-{it.id}"
    body = {
        "id": survey,
        "kind": kind,
        "account_id": it.id,
        "about": about,
        "subject": it.id,
        "owner": it.seller.id,
        "line": it.product.line,
    }
    yield Step(clock.after(days=1), "customers", "/surveys", body)
    if chance.random() < ANSWERS:
        path = f"/surveys/{survey}/answer"
        yield Step(clock.after(days=2), "customers", path, said(kind, chance))
        if chance.random() < THINKS_AGAIN:
            yield Step(clock.after(days=2), "customers", path, said(kind, chance))


def said(kind: str, chance: Random) -> dict[str, Any]:
    """A score, sometimes with a few words that fit it."""
    score = chance.choice(SCORES[kind])
    happy = score >= (4 if kind == "csat" else 8)
    comment = chance.choice(words.PRAISE if happy else words.BLAME)
    return {"score": score} | ({"comment": comment} if comment else {})


def markets(first: date, last: date) -> Iterator[Step]:
    """An estimate for each line, and for all of them, for each calendar year the days touch."""
    morning = at_work(datetime.combine(first, datetime.min.time(), ZONE))
    lines = dict.fromkeys(product.line for product in company.PRODUCTS)
    sizes: dict[str | None, int] = {line: MARKETS[line] for line in lines}
    sizes[None] = sum(sizes.values())
    for line, size in sizes.items():
        for year in range(first.year, last.year + 1):
            body = {
                "id": f"{(line or 'all').rpartition(' ')[2].lower()}-{year}",
                "line": line,
                "start": f"{year}-01-01",
                "end": f"{year + 1}-01-01",
                "size": money(size * CENTS),
                "source": words.MARKET_SOURCE,
                "estimated_on": str(first),
            }
            yield Step(morning, "customers", "/markets", body)
