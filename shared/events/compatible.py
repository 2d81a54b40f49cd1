"""Whether a schema still says all that its consumers count on: additions that may be left out, nothing else.

Full and transitive: a reader of any released schema can read what is published now, and a reader of the
schema now can read everything that was ever published.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

SAID: Final = frozenset({"$id", "$schema", "description", "title"})
"""What may be said in other words; every other keyword is part of the promise."""
STRUCTURE: Final = frozenset({"properties", "required", "items"})

WHAT_TO_DO: Final = (
    "Readers would break. Leave {name} as it is: name the new event {next}, publish both for a while, "
    "and stop the old one when nobody reads it. A field that may be left out can be added to {name}."
)


class Incompatible(Exception):
    """The event no longer keeps what its published schema promised; the message says what to do."""

    def __init__(self, name: str, breaks: list[str]) -> None:
        base, _, version = name.rpartition(".v")
        advice = WHAT_TO_DO.format(name=name, next=f"{base}.v{int(version) + 1}")
        super().__init__("\n".join([f"{name}:", *(f"- {one}" for one in breaks), advice]))


def check(name: str, published: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    """Raises ``Incompatible`` when the schema now breaks the published one."""
    if breaks := list(_breaks(_whole(published, published), _whole(now, now), name)):
        raise Incompatible(name, breaks)


def _breaks(old: Mapping[str, Any], new: Mapping[str, Any], place: str) -> Iterator[str]:
    for keyword in sorted((old.keys() | new.keys()) - SAID - STRUCTURE):
        if old.get(keyword) != new.get(keyword):
            yield f"{place}: `{keyword}` was {old.get(keyword)!r}, and is {new.get(keyword)!r}"
    was, became = old.get("properties", {}), new.get("properties", {})
    for name in was:
        if name in became:
            yield from _breaks(was[name], became[name], f"{place}: {name}")
        else:
            yield f"{place}: {name} is gone"
    required, requires = set(old.get("required", ())), set(new.get("required", ()))
    for name in sorted(requires - required):
        yield f"{place}: {name} has to be there now, and is not in what was published"
    for name in sorted(required - requires):
        yield f"{place}: {name} may be left out now, and its readers count on it"
    if "items" in old or "items" in new:
        yield from _breaks(old.get("items", {}), new.get("items", {}), f"{place}: each")


def _whole(node: Any, document: Mapping[str, Any]) -> Any:
    """The schema with every ``$ref`` replaced by what it points at."""
    match node:
        case {"$ref": str(target)}:
            found: Any = document
            for part in target.removeprefix("#/").split("/"):
                found = found[part]
            return _whole(found, document)
        case dict():
            return {key: _whole(value, document) for key, value in node.items() if key != "$defs"}
        case list():
            return [_whole(each, document) for each in node]
        case _:
            return node
