"""Backups and restores, told to the person who asked for one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from baton.backup.manifest import EVENTS, KEYS, SECRETS, Content, Manifest
from baton.backup.restoring import Restored
from baton.tokens import FILES
from shared.events.catalogue import SERVICES
from shared.eventstore.key_rows import keys

MASTER: Final = FILES["MASTER_KEY"]


def holds(manifest: Manifest) -> Iterator[str]:
    """A line for each service, and what the backup is good for alone."""
    yield f"Taken at {manifest.taken_at:%Y-%m-%d %H:%M:%S} UTC by Baton {manifest.baton}:"
    for service in SERVICES:
        events, kept = manifest.of(service, EVENTS), manifest.of(service, KEYS)
        yield f"  {service:<12} {_events(events)}; {_keys(kept)}"
    if MASTER in manifest.files:
        yield f"It has {' and '.join(SECRETS)}: whoever gets it can read everything, and sign tokens."
    else:
        yield f"It has no {MASTER}: keep that in another place; what is personal cannot be read without it."


def done(restored: Restored, data: Path) -> Iterator[str]:
    yield from holds(restored.manifest)
    if restored.aside:
        yield f"What was there before is in {restored.aside}, keys as well: delete it when all is well."
    if restored.erased:
        yield f"Erased since, and erased again: {', '.join(restored.erased)}."
    for path in restored.unread:
        yield f"{path} cannot be read: who was erased since must be told with --erased, or asked for again."
    yield "What comes next:"
    if not restored.master_key:
        yield f"- Put {MASTER} into {data}, or set MASTER_KEY, before anything is started."
    yield "- With a broker of your own: delete the topics baton.* first (docs/operations/backup.md)."
    yield f"- baton up --data {data}: topics are filled again, read models built anew."
    yield "- baton verify: they are equal to the events."


def _events(content: Content | None) -> str:
    if content is None or content.last_recorded_at is None:
        return "no events"
    return f"{content.rows('events'):,} events, the last of {content.last_recorded_at:%Y-%m-%d %H:%M:%S} UTC"


def _keys(content: Content | None) -> str:
    if content is None:
        return "no keys"
    people = max(0, content.rows(keys.name) - 1)  # the first row of a keyring is nobody's
    return f"keys of {people:,} {'person' if people == 1 else 'people'}"
