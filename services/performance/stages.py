"""The bars of the funnel 销售漏斗, which are a deal's stages and the win, and what they are called."""

from collections.abc import Mapping
from typing import Final, Literal

from shared.events.deal import STAGES, Stage

BarName = Stage | Literal["won"]
BARS: Final[tuple[BarName, ...]] = (*STAGES, "won")

LABELS: Final[Mapping[BarName, tuple[str, str]]] = {
    "prospecting": ("初步接触", "Prospecting"),
    "engaging": ("需求沟通", "Engaging"),
    "proposing": ("方案报价", "Proposing"),
    "negotiating": ("商务谈判", "Negotiating"),
    "won": ("赢单", "Won"),
}
