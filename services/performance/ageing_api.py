"""What is owed, by how long it has been due 应收账龄."""

from collections import defaultdict
from datetime import date
from fractions import Fraction
from typing import Final, Literal, get_args

from fastapi import APIRouter
from pydantic import BaseModel

from services.performance.answered import board
from services.performance.boards import sums, terms_of
from services.performance.currencies import major
from services.performance.formulas import as_number
from services.performance.kpis_api import LookAt
from services.performance.question import Question
from services.performance.views import Amounted, Board
from shared.service.actor import Asking

router = APIRouter(tags=["collection 回款"])

Age = Literal["not-due", "1-30", "31-60", "61-90", "over-90"]
AGES: Final[tuple[Age, ...]] = get_args(Age)
OLDEST_DAY: Final = (0, 30, 60, 90)
"""The last day overdue of each age but the oldest."""


class AgeView(BaseModel):
    """What is owed and so many days overdue."""

    age: Age
    amounts: list[Amounted]


class Ageing(Board):
    """Everything owed at the moment shown, whatever the period."""

    ages: list[AgeView]


@router.get("/ageing", summary="What is owed, by days overdue 应收账龄")
def ageing(asked: Question, looks: LookAt, _actor: Asking) -> Ageing:
    with looks.at(asked.scope) as look:
        found = sums(look, terms_of(["owed_amount"]))
        head = board(asked, look)
    amounts: dict[Age, dict[str, int | Fraction]] = defaultdict(lambda: defaultdict(int))
    for currency in found.currencies(["owed_amount"]):
        for due, minor in found.by_bucket("owed_amount", currency).items():
            amounts[age_of(date.fromordinal(due), asked.scope.today)][currency] += minor
    return Ageing(
        **head,
        ages=[
            AgeView(
                age=age,
                amounts=[
                    Amounted(unit=c, value=as_number(major(minor, c)))
                    for c, minor in sorted(amounts[age].items())
                ],
            )
            for age in AGES
        ],
    )


def age_of(due: date, today: date) -> Age:
    """An amount is not overdue on the day it falls due."""
    overdue = (today - due).days
    return next((age for age, last in zip(AGES, OLDEST_DAY, strict=False) if overdue <= last), "over-90")
