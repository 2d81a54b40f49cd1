"""Who may do what, to which things: the one table 职责权限, from which docs and tests are made, too."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

from shared.eventstore.whose import Whose
from shared.service.actor import ROLES, Actor, Role

Reason = Literal["role", "hidden", "department", "moment"]
"""Why somebody may not: their post, a thing they do not see, one of others, or a past that they tell of."""


class Rule(NamedTuple):
    """Which things of those that the operation is about."""

    name: str
    zh: str
    en: str


ANY: Final = Rule("any", "全部", "all")
SEEN: Final = Rule(
    "seen",
    "销售、市场：本部门的、不属于任何部门的、共享给本部门的",
    "sales and marketing: their department's, nobody's, and what is shared with their department",
)
OWNED: Final = Rule("owned", "销售、市场：本部门的", "sales and marketing: their department's")
ASKING: Final = Rule("asking", "移交部门的人", "for who is of the department that hands over")
GIVEN: Final = Rule("given", "接收部门的人", "for who is of the department it is given to")
ANOTHERS: Final = Rule(
    "anothers", "不能是自己经手的（职责分离）", "not what they asked for or made themselves"
)

RULES: Final = (ANY, SEEN, OWNED, ASKING, GIVEN, ANOTHERS)

BOUND: Final[frozenset[Role]] = frozenset({"sales", "marketing"})
"""Who sees customers by department; every other post works for all departments."""
FREE: Final[frozenset[Role]] = frozenset({"manager", "importer", "system"})
"""Who acts for any department in a hand-off."""


class Row(NamedTuple):
    """One line of the table: the operation, the posts that may, and on which things."""

    operation: str
    """Method and path, as the contract writes them."""
    roles: frozenset[Role]
    rule: Rule


def _row(operation: str, roles: str, rule: Rule = ANY) -> Row:
    named = frozenset(role for role in ROLES if role in roles.split())
    if len(named) != len(roles.split()):
        raise ValueError(f"{operation} names a role that is none: {roles}")
    return Row(operation, named, rule)


ALL: Final = " ".join(ROLES)
STAFF: Final = " ".join(role for role in ROLES if role != "viewer")
"""Everybody but a viewer, whose token is handed out to whoever passes by."""
WIDE: Final = "finance production logistics service manager importer system"
"""Staff who see the customers of all departments."""
LEADS: Final = "sales marketing manager importer system"
SELLING: Final = "sales manager importer system"
SERVING: Final = "sales service manager importer system"
MARKET: Final = "marketing manager importer system"
MAKING: Final = "production manager importer system"
MOVING: Final = "logistics manager importer system"
MONEY: Final = "finance manager importer system"
STEERING: Final = "manager importer"
"""A manager's decisions; an importer brings those of the past."""
MANAGERS: Final = "manager"

_TABLE: Final = (
    # Leads 线索
    _row("POST /leads", LEADS, SEEN),
    _row("POST /leads/{lead_id}/assign", LEADS, SEEN),
    _row("POST /leads/{lead_id}/contact", LEADS, SEEN),
    _row("POST /leads/{lead_id}/qualify", LEADS, SEEN),
    _row("POST /leads/{lead_id}/disqualify", LEADS, SEEN),
    _row("POST /leads/{lead_id}/release", LEADS, SEEN),
    _row("POST /leads/{lead_id}/claim", SELLING, SEEN),
    _row("POST /leads/{lead_id}/convert", SELLING, SEEN),
    _row("GET /leads", STAFF, SEEN),
    _row("GET /leads/{lead_id}", STAFF, SEEN),
    # Accounts 客户
    _row("POST /accounts", LEADS, SEEN),
    _row("PUT /accounts/{account_id}/profile", LEADS, SEEN),
    _row("POST /accounts/{account_id}/contacts", "sales marketing service manager importer system", SEEN),
    _row("POST /accounts/{account_id}/merge", LEADS, SEEN),
    _row("POST /accounts/{account_id}/share", LEADS, OWNED),
    _row("POST /accounts/{account_id}/unshare", LEADS, OWNED),
    _row("GET /accounts", STAFF, SEEN),
    _row("GET /accounts/{account_id}", STAFF, SEEN),
    # Deals 商机
    _row("POST /deals", SELLING, SEEN),
    _row("POST /deals/{deal_id}/advance", SELLING, SEEN),
    _row("POST /deals/{deal_id}/reprice", SELLING, SEEN),
    _row("POST /deals/{deal_id}/reschedule", SELLING, SEEN),
    _row("POST /deals/{deal_id}/grade", SELLING, SEEN),
    _row("POST /deals/{deal_id}/reassign", SELLING, SEEN),
    _row("POST /deals/{deal_id}/win", SELLING, SEEN),
    _row("POST /deals/{deal_id}/lose", SELLING, SEEN),
    _row("POST /deals/{deal_id}/reopen", SELLING, SEEN),
    _row("GET /deals", STAFF, SEEN),
    _row("GET /deals/{deal_id}", STAFF, SEEN),
    # Complaints 投诉
    _row("POST /complaints", SERVING, SEEN),
    _row("POST /complaints/{complaint_id}/acknowledge", SERVING, SEEN),
    _row("POST /complaints/{complaint_id}/assign", SERVING, SEEN),
    _row("POST /complaints/{complaint_id}/hold", SERVING, SEEN),
    _row("POST /complaints/{complaint_id}/resume", SERVING, SEEN),
    _row("POST /complaints/{complaint_id}/resolve", SERVING, SEEN),
    _row("POST /complaints/{complaint_id}/reopen", SERVING, SEEN),
    _row("POST /complaints/{complaint_id}/close", SERVING, SEEN),
    _row("GET /complaints", STAFF, SEEN),
    _row("GET /complaints/{complaint_id}", STAFF, SEEN),
    # Surveys 满意度调查, markets 市场规模
    _row("POST /surveys", "sales marketing service manager importer system", SEEN),
    _row("POST /surveys/{survey_id}/answer", "sales marketing service manager importer system", SEEN),
    _row("GET /surveys", STAFF, SEEN),
    _row("GET /surveys/{survey_id}", STAFF, SEEN),
    _row("POST /markets", MARKET),
    _row("POST /markets/{market_id}/withdraw", MARKET),
    _row("GET /markets", ALL),
    # Products 产品
    _row("POST /products", STEERING),
    _row("POST /products/{product_id}/price", STEERING),
    _row("POST /products/{product_id}/cost", STEERING),
    _row("GET /products", STAFF),
    _row("GET /products/{product_id}", STAFF),
    # Orders 订单
    _row("POST /orders", SELLING, SEEN),
    _row("POST /orders/{order_id}/change", SELLING, SEEN),
    _row("POST /orders/{order_id}/confirm", MAKING),
    _row("POST /orders/{order_id}/repromise", MAKING),
    _row("POST /orders/{order_id}/ready", MAKING),
    _row("POST /orders/{order_id}/ship", MOVING),
    _row("POST /orders/{order_id}/deliver", MOVING),
    _row("POST /orders/{order_id}/return", "logistics service manager importer system"),
    _row("POST /orders/{order_id}/cancel", SELLING, SEEN),
    _row("GET /orders", STAFF, SEEN),
    _row("GET /orders/{order_id}", STAFF, SEEN),
    # Receivables 回款
    _row("POST /receivables", MONEY),
    _row("POST /receivables/{receivable_id}/receipts", MONEY),
    _row("POST /receivables/{receivable_id}/credits", MONEY),
    _row("POST /receivables/{receivable_id}/refunds", MONEY, ANOTHERS),
    _row("POST /receivables/{receivable_id}/write-off", MONEY, ANOTHERS),
    _row("GET /receivables", STAFF, SEEN),
    _row("GET /receivables/{receivable_id}", STAFF, SEEN),
    # Hand-offs 交接
    _row("POST /handoffs", STAFF, ASKING),
    _row("POST /handoffs/{handoff_id}/accept", STAFF, GIVEN),
    _row("POST /handoffs/{handoff_id}/return", STAFF, GIVEN),
    _row("POST /handoffs/{handoff_id}/complete", STAFF, GIVEN),
    _row("POST /handoffs/{handoff_id}/resubmit", STAFF, ASKING),
    _row("POST /handoffs/{handoff_id}/cancel", STAFF, ASKING),
    _row("GET /handoffs", ALL, SEEN),
    _row("GET /handoffs/{handoff_id}", ALL, SEEN),
    # Webhooks 事件订阅
    _row("POST /webhooks", MANAGERS),
    _row("PUT /webhooks/{webhook_id}", MANAGERS),
    _row("POST /webhooks/{webhook_id}/pause", MANAGERS),
    _row("POST /webhooks/{webhook_id}/resume", MANAGERS),
    _row("POST /webhooks/{webhook_id}/remove", MANAGERS),
    _row("POST /webhooks/{webhook_id}/rotate", MANAGERS),
    _row("POST /webhooks/{webhook_id}/replay", MANAGERS),
    _row("POST /webhooks/{webhook_id}/test", MANAGERS),
    _row("POST /webhooks/{webhook_id}/dead/redeliver", MANAGERS),
    _row("POST /webhooks/{webhook_id}/dead/{event_id}/redeliver", MANAGERS),
    _row("GET /webhooks", MANAGERS),
    _row("GET /webhooks/{webhook_id}", MANAGERS),
    _row("GET /webhooks/{webhook_id}/secret", MANAGERS),
    _row("GET /webhooks/{webhook_id}/deliveries", MANAGERS),
    _row("GET /webhooks/{webhook_id}/dead", MANAGERS),
    # Organisation 组织, targets and plans 目标
    _row("POST /teams", STEERING),
    _row("PUT /teams/{team_id}", STEERING),
    _row("POST /people", STEERING),
    _row("POST /people/{person_id}/move", STEERING),
    _row("POST /people/{person_id}/leave", STEERING),
    _row("GET /organisation", ALL),
    _row("POST /targets", STEERING),
    _row("POST /targets/{target_id}/withdraw", STEERING),
    _row("GET /targets", ALL),
    _row("POST /plans", STEERING),
    _row("POST /plans/{plan_id}/split", STEERING),
    _row("POST /plans/{plan_id}/withdraw", STEERING),
    _row("GET /plans", ALL),
    _row("GET /plans/{plan_id}", ALL),
    _row("GET /plans/{plan_id}/versions", ALL),
    _row("POST /commits", SELLING),
    _row("POST /commits/{commit_id}/withdraw", SELLING),
    _row("GET /commits", ALL),
    _row("POST /rates", STEERING),
    _row("POST /rates/table", STEERING),
    _row("POST /rates/withdraw", STEERING),
    _row("GET /rates", ALL),
    # Boards 看板: the whole company's, for everybody
    _row("GET /kpis", ALL),
    _row("GET /kpis/history", ALL),
    _row("GET /kpis/definitions", ALL),
    _row("GET /funnel", ALL),
    _row("GET /leaderboard", ALL),
    _row("GET /ageing", ALL),
    _row("GET /explain", ALL),
    _row("GET /explain.csv", ALL),
    _row("GET /wins", ALL),
    _row("GET /forecast", ALL),
    _row("GET /forecast/drift", ALL),
    _row("GET /awards", ALL),
    _row("GET /live", ALL),
    _row("GET /permissions", ALL),
    _row("GET /me", ALL),
    # Personal data 个人信息
    _row("POST /people/{person}/erase", MANAGERS),
    _row("POST /people/{person}/erase/approve", MANAGERS, ANOTHERS),
    _row("POST /people/{person}/erase/withdraw", MANAGERS),
    _row("GET /people/{person}", MANAGERS),
    _row("GET /erasures", MANAGERS),
    # Audit 审计, events 事件, operations 运维
    _row("GET /audit", ALL),
    _row("GET /audit/export", MANAGERS),
    _row("GET /events", WIDE),
    _row("GET /streams/{stream}", STAFF, SEEN),
    _row("GET /parked", MANAGERS),
    _row("POST /parked/redrive", MANAGERS),
    _row("GET /replay", MANAGERS),
    _row("POST /replay", MANAGERS),
    _row("GET /verify", MANAGERS),
    _row("POST /verify", MANAGERS),
)

TABLE: Final[Mapping[str, Row]] = MappingProxyType({row.operation: row for row in _TABLE})


def allowed_to(role: Role) -> Iterator[str]:
    """The operations that somebody in this role may ask for."""
    return (row.operation for row in TABLE.values() if role in row.roles)


def rule_of(operation: str) -> Rule:
    """Of an operation that is in no table, any thing: no service has one."""
    return TABLE[operation].rule if operation in TABLE else ANY


def sees(actor: Actor, it: Whose, *, at: Whose | None = None) -> bool:
    """Whether a thing is there for them at all; ``at`` says whose the account is that it is at, if known."""
    if actor.role not in BOUND or actor.department in handed_between(it):
        return True
    counts = it if it.account_id is None else at
    return counts is not None and (
        counts.department is None or actor.department in {counts.department, *counts.shared_with}
    )


def handed_between(it: Whose) -> frozenset[str]:
    """The departments that it passes from and to; a whole post, such as ``sales``, is none."""
    return frozenset(one for one in (it.asking, it.given_to) if one is not None and one not in ROLES)


def against(rule: Rule, actor: Actor, it: Whose) -> Reason | None:
    """Why this rule keeps them from such a thing; of a thing at an account, that account is to be asked."""
    if rule in (SEEN, OWNED) and it.account_id is None and not sees(actor, it):
        return "hidden"
    match rule.name:
        case "owned" if actor.role in BOUND and it.department is not None:
            return None if actor.department == it.department else "department"
        case "asking" if it.asking is not None and actor.role not in FREE:
            return None if it.asking in _posts(actor) else "department"
        case "given" if it.given_to is not None and actor.role not in FREE:
            return None if it.given_to in _posts(actor) else "department"
        case _:
            return None


def _posts(actor: Actor) -> frozenset[str | None]:
    """A hand-off goes to a department, or to everybody of a post, such as ``sales``."""
    return frozenset({actor.role, actor.department})
