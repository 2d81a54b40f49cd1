"""The job makes the databases that are missing, and can be repeated."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import NullPool, create_engine, make_url, text

from tests.unit.k8s.built import DATABASES, built, container, of_kind

WANTED: Final = ("baton_job_one", "baton_job_two")


@pytest.fixture
def server() -> Iterator[str]:
    """The address of a PostgreSQL server without these databases, as ``psql`` takes it."""
    url = os.environ.get("DATABASE_URL_TEST", "")
    if not url.startswith("postgresql"):
        pytest.skip("DATABASE_URL_TEST names no PostgreSQL database (postgresql+psycopg://…)")
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    _drop(url)
    yield address
    _drop(url)


def _drop(url: str) -> None:
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for name in WANTED:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))


def make_databases(address: str, *, listed: Path) -> subprocess.CompletedProcess[str]:
    if shutil.which("psql") is None:
        pytest.skip("psql is not installed, so the job's command cannot be run here")
    [job] = of_kind(built(DATABASES), "Job").values()
    environment = {**os.environ, "URL": address}
    command = container(job)["command"]
    return subprocess.run(
        command, cwd=listed, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def listed(folder: Path, *names: str) -> Path:
    lines = [f"CREATE DATABASE {name};" for name in names]
    (folder / "databases.sql").write_text("\n".join(["-- One for each.", *lines]) + "\n")
    return folder


def test_databases_are_made_where_they_are_missing(server: str, tmp_path: Path) -> None:
    first = make_databases(server, listed=listed(tmp_path, WANTED[0]))
    assert (first.returncode, first.stdout) == (0, "CREATE DATABASE\n"), first.stderr
    second = make_databases(server, listed=listed(tmp_path, *WANTED))
    assert (second.returncode, second.stdout) == (0, "CREATE DATABASE\n"), second.stderr
    third = make_databases(server, listed=listed(tmp_path, *WANTED))
    assert (third.returncode, third.stdout) == (0, ""), third.stderr


def test_the_job_knows_every_database_that_there_should_be() -> None:
    [config] = of_kind(built(DATABASES), "ConfigMap").values()
    lines = [line for line in config["data"]["databases.sql"].splitlines() if not line.startswith("--")]
    assert lines
    assert all(re.fullmatch(r"CREATE DATABASE [a-z_]+;", line) for line in lines)


def test_who_cannot_reach_the_server_says_so(tmp_path: Path) -> None:
    failed = make_databases("postgresql://baton@127.0.0.1:1/baton", listed=listed(tmp_path, *WANTED))
    assert failed.returncode != 0
    assert "127.0.0.1" in failed.stderr
