"""To which departments a thing is open, as index fields that lists are narrowed down by."""

from collections.abc import Iterable
from typing import Final

from shared.projections.lists import Among

EVERYBODY: Final = "open_to"
AT: Final = "account"
"""The index field with the account that a thing is at."""
ACCOUNTS: Final = "accounts"
"""The projection that knows to whom each account is open."""


def belonging(thing: str, *, account_id: str | None, department: str | None) -> dict[str, str]:
    """What is at an account is open to whom that is open; all else to its department, or to everybody."""
    return open_to(thing, department=department) if account_id is None else {AT: account_id}


def open_to(thing: str, *, department: str | None, shared_with: Iterable[str] = ()) -> dict[str, str]:
    """A field for each department that may see it, or one for everybody; its value is the thing's id."""
    if department is None:
        return {EVERYBODY: thing}
    return open_to_each(thing, (department, *shared_with))


def open_to_each(thing: str, departments: Iterable[str]) -> dict[str, str]:
    return {_of(one): thing for one in departments}


def seen_by(department: str | None) -> Among:
    """What is open to this department, or is at an account that is."""
    fields = (EVERYBODY,) if department is None else (EVERYBODY, _of(department))
    return Among(fields, by=AT, of=ACCOUNTS)


def _of(department: str) -> str:
    return f"{EVERYBODY} {department}"
