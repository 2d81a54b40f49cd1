"""Where something goes wrong, what is said of it names no person: in logs, on topics, in errors."""

import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import structlog
from fastapi.exceptions import ResponseValidationError
from pydantic import BaseModel, ValidationError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from shared.events.account import ContactAdded
from shared.events.examples import EXAMPLES
from shared.events.seen import Seen
from shared.kafka.parked import _public
from shared.projections.database import open_database
from shared.projections.projection import Projection
from shared.projections.runner import Batch, Position, Runner, Source
from tests.written_logs import logged

NAME = "澹台'璎珞"
ADDED = EXAMPLES[ContactAdded.type].model_copy(update={"name": NAME})


class View(BaseModel):
    name: str
    age: int


def seen(data: bytes, type_: str = ContactAdded.type) -> Seen:
    return Seen("e-1", type_, "account-1", 0, datetime.now(UTC), "sales", "c-1", data)


def not_valid() -> ValidationError:
    with pytest.raises(ValidationError) as raised:
        View.model_validate({"name": NAME, "years": 7})
    return raised.value


def not_an_answer() -> ResponseValidationError:
    return ResponseValidationError(not_valid().errors(), body={"name": NAME})


def breaks(error: Exception, *, of: Exception | None = None) -> None:
    raise error from of


@pytest.mark.parametrize("form", ["json", "console"])
@pytest.mark.parametrize("wrong", [not_valid, not_an_answer])
def test_a_log_says_what_was_wrong_and_where_and_not_what_it_was(
    monkeypatch: pytest.MonkeyPatch, form: str, wrong: Any
) -> None:
    error = wrong()
    assert "璎珞" in str(error)
    with logged(monkeypatch, form) as out:
        log = structlog.get_logger()
        log.error("unexpected error", error=repr(error), exc_info=error)
        try:
            breaks(RuntimeError("it broke"), of=error)
        except RuntimeError as broke:
            log.exception("part broke", error=repr(broke))
            logging.getLogger("uvicorn.error").exception("in the application")
        try:
            breaks(ExceptionGroup("several", [error]))
        except ExceptionGroup:
            log.exception("part broke")
    assert "璎珞" not in out.getvalue()
    assert "\\u7483" not in out.getvalue()
    assert out.getvalue().count("age: Field required") >= 4
    assert "it broke" in out.getvalue()


def test_what_a_fold_trips_over_is_parked_without_the_name(tmp_path: Path) -> None:
    def trips(_state: Any, event: ContactAdded) -> Any:
        raise KeyError(f"nobody is called {event.name}")

    strict = Projection("strict", 1, dict[str, str], {}, (ContactAdded,), trips)
    database = open_database(f"sqlite:///{tmp_path}/read.db")
    runner = Runner(database, "customers", [strict], quiet=True)
    runner.apply([Batch(Source("own store"), [seen(ADDED.wire())], None, Position(0))])
    [(_, error)] = runner.parking.unannounced()
    database.dispose()
    assert error is not None
    assert "nobody is called" in error
    assert "璎珞" not in error


def test_the_parked_topic_gets_what_a_public_topic_would() -> None:
    told = _public(seen(ADDED.wire()))
    assert NAME.encode() not in told
    assert b'"contact_id"' in told
    assert _public(seen(b"not JSON " + NAME.encode())) == b""
    assert _public(seen(b'"' + NAME.encode() + b'"')) == b""
    assert _public(seen(b"not JSON", "deal-won.v1")) == b"not JSON"


def test_a_database_that_refuses_does_not_say_what_was_to_be_written(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/read.db")
    with pytest.raises(SQLAlchemyError) as refused, database.begin() as tx:
        tx.execute(text("insert into nowhere values (:name)"), {"name": NAME})
    database.dispose()
    assert "nowhere" in str(refused.value)
    assert "璎珞" not in str(refused.value)
