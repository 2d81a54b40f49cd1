"""Whose a thing is: what permissions ask of a stream's state."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Whose:
    """A thing without a department is everybody's."""

    department: str | None = None
    """That it belongs to."""
    shared_with: frozenset[str] = frozenset()
    """Other departments that may see it, too."""
    account_id: str | None = None
    """The account it is at: then that one's departments count."""
    asking: str | None = None
    """The department that hands it over."""
    given_to: str | None = None
    """The department it is handed to."""


EVERYBODYS = Whose()


def everybodys(_state: object) -> Whose:
    return EVERYBODYS
