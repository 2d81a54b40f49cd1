"""Slips that can be put right for certain: known names spaced otherwise, and known misspellings."""

import unicodedata
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

SPELLINGS: Final[Mapping[str, str]] = MappingProxyType(
    {"technolgy": "technology", "Philipines": "Philippines", "entertainement": "entertainment"}
)
"""Misspellings seen in exports, with what was meant."""


def spelt(word: str) -> str:
    return SPELLINGS.get(word, word)


def folded(name: str) -> str:
    """The name without what people write differently: width, case, spaces, hyphens."""
    return "".join(c for c in unicodedata.normalize("NFKC", name).casefold() if c.isalnum())


class Known:
    """Names that are known, found again however they are spaced; two that fold alike are never guessed."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = frozenset(names)
        self._by_fold: dict[str, str | None] = {}
        for name in self._names:
            fold = folded(name)
            self._by_fold[fold] = None if fold in self._by_fold else name

    def find(self, name: str) -> str | None:
        """The known name that this one means; ``None`` when there is none for certain."""
        return name if name in self._names else self._by_fold.get(folded(name))
