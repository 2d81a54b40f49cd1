"""Holds every request to the table of permissions; who is refused is told why, and it is logged."""

from typing import Any, Final

import structlog
from fastapi import APIRouter, Request
from fastapi.routing import APIRoute
from prometheus_client import Counter

from shared.eventstore.decider import NotFound, Refused
from shared.service.actor import ROLES, Actor, Asking, Role
from shared.service.permissions import TABLE, Reason, Rule

log = structlog.get_logger()

REFUSALS: Final = Counter(
    "baton_refusals_total",
    "Requests of somebody who may not, by their post. The post may not do it at all (`role`); the thing is "
    "another department's, and was answered as if it were not there (`hidden`); it is for another department "
    "to do (`department`); only an importer says when something happened (`moment`).",
    ["role", "reason"],
)

ROLES_ZH: Final[dict[Role, str]] = {
    "viewer": "访客",
    "sales": "销售",
    "marketing": "市场",
    "finance": "财务",
    "production": "生产",
    "logistics": "物流",
    "service": "客服",
    "manager": "经理",
    "importer": "数据导入",
    "system": "其他系统",
}


class NotAllowed(Refused):
    """They may not, and may know that (HTTP 403)."""

    def __init__(self, message: str, *, reason: Reason) -> None:
        super().__init__(message, code="not-allowed")
        self.reason = reason


class Hidden(NotFound):
    """They may not know that it is there."""

    reason: Final[Reason] = "hidden"


def operation(request: Request) -> str:
    """Method and path as the contract writes them, such as ``POST /deals/{deal_id}/win``."""
    return f"{request.method} {request.scope['route'].path}"


def in_table(router: APIRouter) -> None:
    """Raises ``LookupError`` for a route of which the table does not say who may."""
    for route in router.routes:
        if isinstance(route, APIRoute):
            for method in route.methods or ():
                if (it := f"{method} {route.path}") not in TABLE:
                    raise LookupError(f"{it} is not in the table of permissions")


async def permitted(request: Request, actor: Asking) -> None:
    """403 where the actor's post may not do this."""
    request.state.actor = actor  # for whoever says no later on
    roles = TABLE[operation(request)].roles
    if actor.role not in roles:
        zh, en = _named(roles)
        raise NotAllowed(f"Only {en} may do this. 只有{zh}可以这样做。", reason="role")


def by_department(rule: Rule) -> NotAllowed:
    """What the rule says, to somebody of another department."""
    return NotAllowed(f"This is {rule.en}. 权限范围：{rule.zh}。", reason="department")


def note(request: Request, no: NotAllowed | Hidden) -> None:
    """Log who was refused what, and nothing of what they sent."""
    actor: Actor = request.state.actor
    log.warning("refused", actor=actor.id, role=actor.role, operation=operation(request), reason=no.reason)
    REFUSALS.labels(actor.role, no.reason).inc()


def _named(roles: frozenset[Role]) -> tuple[str, str]:
    them: list[Any] = [role for role in ROLES if role in roles]
    return "、".join(ROLES_ZH[role] for role in them), " or ".join(them)
