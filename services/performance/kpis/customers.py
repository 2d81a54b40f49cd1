"""KPIs of customers 客户: new ones, and whether they come again."""

from typing import Final

from services.performance.kpis.formula import Customers, CustomerShare, PerCustomer, Term, total
from services.performance.kpis.kpi import Kpi

_SOLD: Final = Term("revenue_amount", known=True)
_RETURNED: Final = Term("returned_amount", known=True)

BOUGHT: Final = "a purchase is a won deal, or an order that no deal led to, of a known account"

KPIS: Final = (
    Kpi(
        "customers",
        "成交客户数",
        "Customers who bought",
        "count",
        Customers("bought"),
        "purchases in the period",
        BOUGHT,
        "trade usage",
    ),
    Kpi(
        "new_customers",
        "新签客户数",
        "New customers signed",
        "count",
        Customers("new"),
        "the customer's first purchase ever falls in the period",
        f"{BOUGHT}; a filter by person, team, line or product asks about the purchase of the period, and "
        "the customer is new if there was none before it at all",
        "trade usage",
    ),
    Kpi(
        "retention",
        "客户留存率",
        "Retention",
        "ratio",
        CustomerShare("retained"),
        "of the customers of as many days before the period, those who bought again in it",
        f"undefined when nobody bought before; {BOUGHT}",
        "trade usage",
    ),
    Kpi(
        "repurchase",
        "复购率",
        "Repurchase rate",
        "ratio",
        CustomerShare("repeated"),
        "of the customers of the period, those with two purchases or more in it",
        f"undefined without purchases; {BOUGHT}",
        "复购率 by customers, not by orders",
    ),
    Kpi(
        "revenue_per_customer",
        "客均收入",
        "Average revenue per customer",
        "money",
        PerCustomer(total(_SOLD, less=[_RETURNED]), total(_SOLD)),
        "shipped in the period, less what came back in it, by the customers shipped to",
        "what was shipped to nobody known is in neither; one for each currency; undefined without customers",
        "trade usage",
    ),
)
