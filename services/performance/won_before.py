"""What each part of a plan won in its days, from the boards: the shape of last year."""

from collections.abc import Sequence
from datetime import date

from services.performance import plan_tree
from services.performance.boards import sums
from services.performance.kpis.formula import total
from services.performance.look import Looks
from services.performance.plan_last_year import Shape
from services.performance.scope import Filters, Period, Scope

WON = total("won_amount")


def won_before(looks: Looks) -> Shape:
    """Minor units of the plan's currency, never negative, in the order of the children."""

    def shape(start: date, end: date, children: Sequence[plan_tree.Scope], *, currency: str) -> Sequence[int]:
        with looks.at(Scope(Period(start, end), today=end)) as look:
            return [max(0, int(sums(look.of(_scope(child)), WON).total(WON, currency))) for child in children]

    return shape


def _scope(child: plan_tree.Scope) -> Scope:
    filters = Filters(child.person, child.team, child.department, child.region, child.line)
    return Scope(Period(child.start, child.end), today=child.end, filters=filters)
