"""Cells of tables that a spreadsheet will open."""

from typing import Any, Final

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
"""How a formula begins, or what is passed over to find one; an East Asian Excel knows the wide ones, too."""


def safe(value: Any) -> Any:
    """A text that would be taken for a formula is marked as text; a number stays one, also below zero."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
