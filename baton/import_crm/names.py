"""Ids made from names: readable, the same on every run, never the same for two names."""

import re
import unicodedata
from collections.abc import Iterable
from hashlib import blake2s
from typing import Final

LONGEST: Final = 48


def ids(names: Iterable[str], *, kind: str) -> dict[str, str]:
    """An id for each name; ``kind`` stands in where a name has no Latin letters (中文)."""
    taken: set[str] = set()
    by_name: dict[str, str] = {}
    for name in names:
        if name in by_name:
            continue
        slug, whole = _slug(name)
        made = slug if whole and slug not in taken else f"{slug or kind}-{_mark(name)}"
        taken.add(made)
        by_name[name] = made
    return by_name


def _slug(name: str) -> tuple[str, bool]:
    """The name in a-z, 0-9 and hyphens, and whether all its letters are still in it."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    kept = "".join(c for c in plain if not unicodedata.combining(c))
    slug = re.sub(r"[^a-z0-9]+", "-", kept).strip("-")
    whole = bool(slug) and len(slug) <= LONGEST and all(c.isascii() for c in kept if c.isalnum())
    return slug[:LONGEST].rstrip("-"), whole


def _mark(name: str) -> str:
    return blake2s(name.encode(), digest_size=4).hexdigest()
