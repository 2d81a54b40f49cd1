"""Where the thing behind a contribution can be looked at."""

from collections.abc import Mapping
from typing import Final

_PLACES: Final = {
    "lead": ("customers", "leads"),
    "account": ("customers", "accounts"),
    "deal": ("customers", "deals"),
    "complaint": ("customers", "complaints"),
    "survey": ("customers", "surveys"),
    "order": ("orders", "orders"),
    "receivable": ("orders", "receivables"),
    "product": ("orders", "products"),
    "handoff": ("coordination", "handoffs"),
    "plan": ("performance", "plans"),
}
"""Category → service and path of those that have a page of their own."""


def link(stream: str, services: Mapping[str, str]) -> str | None:
    """The address of an entity's own page, with its history."""
    category, _, key = stream.partition("-")
    if category not in _PLACES or not key:
        return None
    service, path = _PLACES[category]
    return f"{services[service]}/{path}/{key}"
