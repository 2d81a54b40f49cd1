"""The sales funnel over HTTP, with what each of its numbers means."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from fastapi import APIRouter
from pydantic import BaseModel

from services.performance.answered import board
from services.performance.boards import sums, terms_of
from services.performance.currencies import major
from services.performance.formulas import as_number
from services.performance.funnel import NEEDED, Bar, funnel
from services.performance.kpis_api import LookAt
from services.performance.question import Asked, Question
from services.performance.stages import LABELS, BarName
from services.performance.views import Amounted, Board, Number
from shared.service.actor import Asking

router = APIRouter(tags=["boards 看板"])

DEFINITIONS: Final[Mapping[str, tuple[str, str]]] = {
    "strict": (
        "严格：从第一阶段起逐一经过、未跳过任何阶段而到达此处的商机。",
        "Strict: deals that came here through every stage from the first, jumping over none.",
    ),
    "reached": (
        "到达：曾实际处于此阶段的商机，往返多次也只计一次。",
        "Reached: deals that stood here themselves at some time, counted once.",
    ),
    "implied": (
        "推定：曾处于此阶段或更后阶段的商机；赢单视为经过全部阶段。",
        "Implied: deals that stood here or went beyond; a won deal went beyond every stage.",
    ),
    "skipped": (
        "跳过：越过此阶段而从未处于此阶段的商机（推定减去到达）。",
        "Skipped: deals that went beyond without ever standing here (implied less reached).",
    ),
    "standing": (
        "快照：目前处于此阶段的未结商机。",
        "Standing, the snapshot: open deals that are here now.",
    ),
    "undecided": (
        "未定：未结且最远到过此阶段、仍可能继续推进的商机。",
        "Undecided: open deals that never went further than here and still may.",
    ),
    "lost": (
        "流失：最远到过此阶段的输单。",
        "Lost: lost deals that never went further than here.",
    ),
    "amount": (
        "金额：目前处于此阶段的未结商机金额，按币种分列。",
        "Amount: what the deals standing here now are worth, for each currency.",
    ),
    "implied_amount": (
        "推定金额：推定商机的当前金额，按币种分列。",
        "Implied amount: what the implied deals are worth now, for each currency.",
    ),
    "conversion": (
        "转化率：推定数与上一阶段推定数之比，未定商机计入分母。",
        "Conversion: implied deals out of those of the stage before, the undecided included.",
    ),
    "matured_conversion": (
        "成熟转化率：分母只含在上一阶段已定的商机。",
        "Matured conversion: the same out of those that are decided at the stage before.",
    ),
    "matured": (
        "成熟度：上一阶段推定商机中已定（已推进或已结案）的比例。",
        "Matured: of the implied deals of the stage before, the share that went on or was lost.",
    ),
    "minutes_median": (
        "停留时长中位数（分钟）：每个离开过此阶段的商机，其已结束的停留合计。",
        "Median minutes here: of each deal that left, all its stays that are over, together.",
    ),
    "minutes_p90": (
        "停留时长 90 分位（分钟），口径同上。",
        "The 90th percentile of the same minutes.",
    ),
    "opened": (
        "新开：时段内新开的商机，等于未结、赢单与输单之和。",
        "Opened: deals opened in the period; they are open, won or lost by now.",
    ),
    "decided": (
        "已结比例：新开商机中已赢单或已输单的比例。",
        "Decided: the share of the deals opened that is won or lost.",
    ),
}
"""What each number of the answer means: Chinese, English."""


class FunnelStage(BaseModel):
    """A stage, or at last what was won; counts are of deals, ``null`` is a ratio or a time of nothing."""

    stage: BarName
    label: str
    strict: int
    reached: int
    implied: int
    skipped: int
    standing: int
    undecided: int
    lost: int
    amount: list[Amounted]
    implied_amount: list[Amounted]
    conversion: Number
    matured_conversion: Number
    matured: Number
    minutes_median: Number
    minutes_p90: Number


class FunnelBoard(Board):
    """The deals opened in the period, wherever they stand by now: ``opened = open + won + lost``."""

    stages: list[FunnelStage]
    opened: int
    open: int
    won: int
    lost: int
    decided: Number
    definitions: dict[str, str]
    """What each field means, in the language asked for."""


@router.get("/funnel", summary="The sales funnel of a cohort 销售漏斗")
def the_funnel(asked: Question, looks: LookAt, _actor: Asking) -> FunnelBoard:
    with looks.at(asked.scope) as look:
        found = funnel(sums(look, terms_of(NEEDED)))
        head = board(asked, look)
    return FunnelBoard(
        **head,
        stages=[_stage(bar, asked) for bar in found.bars],
        opened=found.opened,
        open=found.open,
        won=found.won,
        lost=found.lost,
        decided=as_number(found.decided),
        definitions={field: asked.said(*meaning) for field, meaning in DEFINITIONS.items()},
    )


def _stage(bar: Bar, asked: Asked) -> FunnelStage:
    return FunnelStage(
        stage=bar.name,
        label=asked.said(*LABELS[bar.name]),
        strict=bar.strict,
        reached=bar.reached,
        implied=bar.implied,
        skipped=bar.skipped,
        standing=bar.standing,
        undecided=bar.undecided,
        lost=bar.lost,
        amount=_amounts(bar.standing_amount),
        implied_amount=_amounts(bar.amount),
        conversion=as_number(bar.conversion),
        matured_conversion=as_number(bar.matured_conversion),
        matured=as_number(bar.matured),
        minutes_median=as_number(bar.minutes_median),
        minutes_p90=as_number(bar.minutes_p90),
    )


def _amounts(minor: Mapping[str, int | Fraction]) -> list[Amounted]:
    return [Amounted(unit=c, value=as_number(major(amount, c))) for c, amount in minor.items()]
