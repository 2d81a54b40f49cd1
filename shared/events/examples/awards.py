"""The champion of March is named when March is over, and shares the place when a late win comes to light."""

from typing import Any, Final

from ..award import AwardCorrected, AwardGranted, Winner
from ..event import Event
from .cast import JAMES, PRICE, WANG, at, on

_MARCH: Final[dict[str, Any]] = {
    "award_id": "won_amount-month-2025-03-01",
    "kpi": "won_amount",
    "kpi_version": 1,
    "kind": "month",
    "start": on("03-01"),
    "end": on("04-01"),
}
_FIRST: Final = Winner(person_id=WANG, value=PRICE.minor, currency=PRICE.currency)
_EQUAL: Final = Winner(person_id=JAMES, value=PRICE.minor, currency=PRICE.currency)

AWARDS: Final[tuple[Event, ...]] = (
    AwardGranted(occurred_at=at("04-02 00:00"), **_MARCH, winners=(_FIRST,), shared=False),
    AwardCorrected(
        occurred_at=at("04-03 10:20"),
        **_MARCH,
        winners=(_EQUAL, _FIRST),
        shared=True,
        previous=(_FIRST,),
        reason="other-winners",
    ),
)
