"""Every version of every event that was ever stored stays readable.

The files in ``events/`` are history: they are added, never changed. For a new event or version,
write its example, then from the project's root:

    python -m tests.contract.test_old_events
"""

import json
from pathlib import Path
from typing import Any, Final

import pytest
from jsonschema import Draft202012Validator

from shared.events.catalogue import EVENTS
from shared.events.documents import json_schema
from shared.events.examples import EXAMPLES

STORED: Final = Path(__file__).parent / "events"
every_file = pytest.mark.parametrize("file", sorted(STORED.glob("*.json")), ids=lambda file: file.stem)


def still_said(old: Any, now: Any) -> bool:
    """Whether all that was said is said the same way now; new fields may stand beside it."""
    if isinstance(old, dict):
        return isinstance(now, dict) and all(k in now and still_said(v, now[k]) for k, v in old.items())
    return bool(old == now)


def test_every_event_has_a_stored_file() -> None:
    assert not EVENTS.keys() - {file.stem for file in STORED.glob("*.json")}


def test_no_event_was_forgotten() -> None:
    assert not {file.stem for file in STORED.glob("*.json")} - EVENTS.keys()


@every_file
def test_an_old_event_is_still_read_in_full(file: Path) -> None:
    event = EVENTS[file.stem].read(file.read_bytes())
    assert event.type == file.stem
    assert still_said(json.loads(file.read_bytes()), json.loads(event.wire()))


@every_file
def test_an_old_event_still_fits_its_published_schema(file: Path) -> None:
    event = EVENTS[file.stem]
    stored: dict[str, Any] = json.loads(file.read_bytes())
    public = {field: value for field, value in stored.items() if field not in event.personal_fields()}
    Draft202012Validator(json_schema(event)).validate(public)


if __name__ == "__main__":
    for name, example in EXAMPLES.items():
        if not (file := STORED / f"{name}.json").exists():  # history is never written twice
            file.write_bytes(example.wire() + b"\n")
