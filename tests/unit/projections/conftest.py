"""A read-model database of each kind."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine

from shared.projections.database import open_database
from shared.projections.tables import metadata


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    url = f"sqlite:///{tmp_path}/read.db" if request.param == "sqlite" else _postgresql()
    opened = open_database(url)
    yield opened
    opened.dispose()


def _postgresql() -> str:
    url = os.environ.get("DATABASE_URL_TEST", "")
    if not url:
        pytest.skip("DATABASE_URL_TEST names no PostgreSQL database (postgresql+psycopg://…)")
    emptied = create_engine(url)
    metadata.drop_all(emptied)
    emptied.dispose()
    return url
