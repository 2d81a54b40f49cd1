"""Money as read models keep it."""

from msgspec import Struct

from shared.events.event import Money


class Amount(Struct, frozen=True):
    """In the minor unit of its currency."""

    minor: int = 0
    currency: str = "CNY"


def amount(money: Money) -> Amount:
    return Amount(money.minor, money.currency)
