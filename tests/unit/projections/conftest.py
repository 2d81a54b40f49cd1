"""A read-model database of each kind."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.projections.database import Database, open_database
from shared.projections.places import place_of


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where there is no read model yet, and where none is afterwards."""
    url = f"sqlite:///{tmp_path}/read.db" if request.param == "sqlite" else _postgresql()
    _remove_all(url)
    yield url
    _remove_all(url)


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = open_database(url)
    yield opened
    opened.dispose()


@pytest.fixture(scope="module")
def used_again(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One in SQLite for all examples of a property, which leave it as they like."""
    path: Path = tmp_path_factory.mktemp("used-again")
    opened = open_database(f"sqlite:///{path}/read.db")
    yield opened
    opened.dispose()


def _remove_all(url: str) -> None:
    place = place_of(url)
    for number in place.numbers():
        place.remove(number)


def _postgresql() -> str:
    url = os.environ.get("DATABASE_URL_TEST", "")
    if not url:
        pytest.skip("DATABASE_URL_TEST names no PostgreSQL database (postgresql+psycopg://…)")
    return url
