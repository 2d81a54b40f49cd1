"""To which departments a thing is open, as index fields that lists are narrowed down by."""

from collections.abc import Iterable
from typing import Final

from shared.projections.lists import Among

EVERYBODY: Final = "open_to"


def open_to(thing: str, *, department: str | None, shared_with: Iterable[str] = ()) -> dict[str, str]:
    """A field for each department that may see it, or one for everybody; its value is the thing's id."""
    if department is None:
        return {EVERYBODY: thing}
    return {_of(one): thing for one in (department, *shared_with)}


def seen_by(department: str | None) -> Among:
    """What is open to this department, or is at an account that is."""
    fields = (EVERYBODY,) if department is None else (EVERYBODY, _of(department))
    return Among(fields, by="account", of="accounts")


def _of(department: str) -> str:
    return f"{EVERYBODY} {department}"
