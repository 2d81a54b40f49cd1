"""The contract of the events on file: writes ``docs/events/`` (pages, schemas, AsyncAPI, words).

A schema that is on file is published: one that would break its readers is not written over it.
"""

import json
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

from services.coordination import reactions as of_coordination
from services.orders import reactions as of_orders
from shared.erasure.erasing import Erasing
from shared.erasure.erasure import CUSTOMERS, STAFF
from shared.events.asyncapi import asyncapi
from shared.events.catalogue import EVENTS, SERVICES, topic
from shared.events.compatible import check
from shared.events.documents import json_schema, public_payload
from shared.events.event import Event
from shared.events.examples import EXAMPLES
from shared.events.words import EVENTS_ZH, FIELDS_ZH
from shared.projections.projection import Folds

FOLDER: Final = Path("docs/events")
UTC8: Final = ZoneInfo("Asia/Shanghai")

Readers = Mapping[str, list[str]]
"""By an event's wire name: who reads it, and what for."""


def readers() -> Readers:
    """The read models and reactions of all services, by the event that they read."""
    found: dict[str, list[str]] = {name: [] for name in EVENTS}
    for service in SERVICES:
        for what, event in (*_folded(service), *_reacted(service)):
            if (said := f"{service} ({what})") not in found[event.type]:
                found[event.type].append(said)
    return found


def _folded(service: str) -> Iterator[tuple[str, type[Event]]]:
    folds = import_module(f"services.{service}.lists").folds
    every: Folds = folds(UTC8) if service == "performance" else folds()
    for projection in every.all:
        for event in projection.events:
            yield projection.name, event


def _reacted(service: str) -> Iterator[tuple[str, type[Event]]]:
    """A reaction is asked for its name and its event, and never run: it needs nothing to act on here."""
    nobody = cast("Any", None)
    match service:
        case "orders":
            reactions = [
                *of_orders.to_others(nobody, nobody),
                *of_orders.to_own(nobody, zone=UTC8, payment_terms=nobody),
            ]
        case "coordination":
            reactions = of_coordination.to_others(nobody)
        case "customers":
            reactions = [Erasing(CUSTOMERS, nobody, forget=()).reaction()]
        case _:
            reactions = [Erasing(STAFF, nobody, forget=()).reaction()]
    for reaction in reactions:
        yield reaction.name, reaction.to


def page(name: str, read_by: list[str]) -> str:
    event = EVENTS[name]
    schema = json_schema(event)
    stream = f"{event.category}-<{event.key}>"
    same = [other for other in EVENTS if other.rpartition(".v")[0] == name.rpartition(".v")[0]]
    lines = [
        f"# {EVENTS_ZH[name]} {name}",
        "",
        *([event.__doc__.strip(), ""] if event.__doc__ else []),
        "| | |",
        "|---|---|",
        f"| Topic | `{topic(event.service)}` |",
        f"| Key, stream | `{stream}` |",
        f"| Published by | {event.service} |",
        f"| Read by | {', '.join(read_by) or 'nobody in Baton'} |",
        f"| Schema | [schemas/{name}.json](schemas/{name}.json) |",
        f"| Versions | {', '.join(f'`{other}`' for other in same)} |",
        "",
        "## Fields",
        "",
        "| Field | 中文 | Type | Limits, unit | |",
        "|---|---|---|---|---|",
        *(_field(field, each, schema) for field, each in schema["properties"].items()),
        *(
            f"| `{field}` | {FIELDS_ZH[field]} | text | | {_personal(event)} |"
            for field in sorted(event.personal_fields())
        ),
        "",
        "## Example",
        "",
        "The `data` of its CloudEvent:",
        "",
        "```json",
        json.dumps(public_payload(EXAMPLES[name]), ensure_ascii=False, indent=2),
        "```",
        "",
    ]
    return "\n".join(lines)


def _field(name: str, schema: Mapping[str, Any], document: Mapping[str, Any]) -> str:
    there = "always" if name in document["required"] else "may be left out"
    kind, limits = _told(schema)
    return f"| `{name}` | {FIELDS_ZH[name]} | {kind} | {limits} | {there} |"


def _personal(event: type[Event]) -> str:
    person = event.personal_to.replace("{", "<").replace("}", ">")
    return f"personal: never leaves its service, where the key of `{person}` seals it"


def _told(schema: Mapping[str, Any]) -> tuple[str, str]:
    """A field's type, and its limits or its unit."""
    match schema:
        case {"$ref": str(target)}:
            name = target.rpartition("/")[2]
            return name.lower(), "`minor`: in the smallest unit of `currency`" if name == "Money" else ""
        case {"enum": [*choices]}:
            return "choice", ", ".join(f"`{choice}`" for choice in choices)
        case {"const": choice}:
            return "choice", f"`{choice}`"
        case {"type": "array", "items": items}:
            return f"list of {_told(items)[0]}", _told(items)[1]
        case {"format": "date"}:
            return "day", "business day, such as `2026-03-31`"
        case {"format": "date-time"}:
            return "moment", "UTC"
        case {"type": "integer"}:
            between = (schema.get("minimum", ""), schema.get("maximum", ""))
            return "whole number", f"{between[0]} – {between[1]}" if any(map(str, between)) else ""
        case {"type": "boolean"}:
            return "yes or no", ""
        case _:
            longest = schema.get("maxLength")
            return "text", f"at most {longest} characters" if longest else ""


def index() -> str:
    """All events by service, and how to read them."""
    lines = [
        "# Events",
        "",
        (
            "What Baton publishes: one page for each event, its JSON Schema in [schemas](schemas), all of "
            "it as [AsyncAPI 3](asyncapi.yaml). Written by `make docs`."
        ),
        "",
        (
            "A published event is a promise. Within a version only fields that may be left out are added: "
            "readers ignore what they do not know. Anything else gets a new name (`….v2`), and both are "
            "published for a while."
        ),
    ]
    for service in SERVICES:
        lines += ["", f"## {service}", "", "| Event | 中文 | |", "|---|---|---|"]
        lines += [
            f"| [{name}]({name}.md) | {EVENTS_ZH[name]} | {_means(event)} |"
            for name, event in EVENTS.items()
            if event.service == service
        ]
    return "\n".join([*lines, ""])


def _means(event: type[Event]) -> str:
    """The first line of what the event says of itself."""
    return (event.__doc__ or "").strip().partition("\n")[0]


def files() -> Iterator[tuple[str, str]]:
    """Every file of the folder: its name and what it says."""
    import yaml  # noqa: PLC0415 - only who writes the documents needs it

    read_by = readers()
    yield "README.md", index()
    yield "asyncapi.yaml", yaml.safe_dump(asyncapi(), allow_unicode=True, sort_keys=False, width=110)
    yield "words.json", _json({"event": dict(EVENTS_ZH), "field": dict(FIELDS_ZH)})
    for name, event in EVENTS.items():
        yield f"{name}.md", page(name, read_by[name])
        yield f"schemas/{name}.json", _json(json_schema(event))


def _json(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def check_published(folder: Path) -> None:
    """Raises ``Incompatible`` when an event no longer keeps what its schema on file promises."""
    for name, event in EVENTS.items():
        if (file := folder / "schemas" / f"{name}.json").exists():
            check(name, json.loads(file.read_text(encoding="utf-8")), json_schema(event))


if __name__ == "__main__":
    check_published(FOLDER)
    (FOLDER / "schemas").mkdir(parents=True, exist_ok=True)
    for name, text in files():
        (FOLDER / name).write_text(text, encoding="utf-8")
