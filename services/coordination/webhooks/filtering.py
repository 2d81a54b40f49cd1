"""Which events a webhook is told of: by their names, and by the values of their fields."""

from typing import Any

from shared.events.webhook import Described


def names(wanted: Described, event_type: str) -> bool:
    """Whether it asks for events of this name; one that names none asks for all."""
    return not wanted.types or event_type in wanted.types


def holds(wanted: Described, payload: Any) -> bool:
    """Whether the payload has every value that is asked for; numbers and yes or no as JSON writes them."""
    return all(_text(_at(payload, path)) == value for path, value in wanted.where.items())


def _at(payload: Any, path: str) -> Any:
    for part in path.split("."):
        payload = payload.get(part) if isinstance(payload, dict) else None
    return payload


def _text(value: Any) -> str | None:
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case _:
            return None
