"""Duplicates 撞单: when two company names mean the same company."""

import re
import unicodedata
from typing import Final

_SEPARATORS: Final = re.compile(r"[\W_]+")
_HAN: Final = r"\u3400-\u9fff"
_RUNS: Final = re.compile(f"[{_HAN}]+|[^{_HAN} ]+")
_FORMS: Final = frozenset(
    ("inc", "incorporated", "ltd", "limited", "corp", "corporation", "co", "company", "llc", "plc", "gmbh")
)
_FORMS_ZH: Final = ("有限责任公司", "股份有限公司", "有限公司", "股份", "集团", "公司")


def name_key(name: str) -> str:
    """What stays of a company's name when its spelling and its legal form are taken away.

    Two accounts with the same key are probably one company. Never empty for a name that is not.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    words = _words(_SEPARATORS.sub(" ", folded))
    while (shorter := _without_form(words)) != words:
        words = shorter
    return "".join(words) or folded.strip()


def _words(text: str) -> list[str]:
    """Han characters stay together across spaces; other words end where their script does."""
    together = re.sub(f"(?<=[{_HAN}]) (?=[{_HAN}])", "", text)
    return _RUNS.findall(together)


def _without_form(words: list[str]) -> list[str]:
    """The words without one legal form at their end, if something is left before it."""
    *before, last = words or [""]
    if last in _FORMS or last in _FORMS_ZH:
        return before or words
    for form in _FORMS_ZH:
        if last.endswith(form):
            return [*before, last.removesuffix(form)]
    return words
