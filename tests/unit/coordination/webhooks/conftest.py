"""A queue in a database of each kind."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from services.coordination.webhooks.queue import Queue, open_queue
from services.coordination.webhooks.tables import metadata


@pytest.fixture(params=["sqlite", "postgresql"])
def queue_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where there is no queue yet, and where none is afterwards."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/read.db"
        return
    url = os.environ.get("DATABASE_URL_TEST", "")
    if not url:
        pytest.skip("DATABASE_URL_TEST names no PostgreSQL database (postgresql+psycopg://…)")
    _drop_all(url)
    yield url
    _drop_all(url)


@pytest.fixture
def queue(queue_url: str) -> Iterator[Queue]:
    opened = open_queue(queue_url)
    yield opened
    opened.close()


def _drop_all(url: str) -> None:
    engine = create_engine(url)
    metadata.drop_all(engine)
    engine.dispose()
