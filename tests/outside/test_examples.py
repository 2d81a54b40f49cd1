"""The examples, run as their readers run them, each against a Baton that sells something."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest
import pytest_asyncio

from tests.house import ROOT, House, house
from tests.waiting import until

EXAMPLES: Final = ROOT / "examples"
SAID: Final = "deal-e1 云帆科技 1234500 CNY"
FETCH_SECONDS: Final = 110

pytestmark = pytest.mark.timeout(240)
in_the_house = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def selling(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with house(tmp_path_factory.mktemp("selling") / "data") as it, it.client() as client:
        deal = {"id": "e1", "title": "云帆科技", "owner": "p1", "product": "Seats", "line": "Software"}
        amount = {"minor": 1_234_500, "currency": "CNY"}
        deals = f"{it.url('customers')}/deals"
        (await client.post(deals, json={**deal, "amount": amount})).raise_for_status()
        (await client.post(f"{deals}/e1/win", json={})).raise_for_status()
        yield it


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"there is no {name} here")
    return found


def _kafka(it: House) -> str:
    """As `baton up` says it."""
    said = (it.data.parent / f"{it.data.name}-up.log").read_text()
    found = re.search(r"^kafka +(\S+)", said, re.MULTILINE)
    assert found, said
    return found[1]


@contextmanager
def _running(argv: Sequence[str], log: Path, *, cwd: Path, **environment: str) -> Iterator[None]:
    """A consumer until the block ends: none of them ends by itself."""
    with log.open("wb") as out:
        process = subprocess.Popen(
            argv, stdout=out, stderr=out, cwd=cwd, env={**os.environ, **environment}, start_new_session=True
        )
        try:
            yield
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


async def _says(log: Path, text: str) -> None:
    await until(lambda: text in log.read_text(encoding="utf-8"), within=60, what=f"it says {text}")


def _fetched(argv: Sequence[str], **environment: str) -> None:
    done = subprocess.run(
        argv, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True,
        check=False, timeout=FETCH_SECONDS,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python that has the contract installed by itself."""
    own = tmp_path_factory.mktemp("kit") / "venv"
    uv = str(ROOT / ".uv" / "bin" / "uv")
    _fetched([uv, "venv", "--quiet", "--python", sys.executable, str(own)])
    python = own / "bin" / "python"
    _fetched([uv, "pip", "install", "--quiet", "--python", str(python), str(ROOT / "shared" / "events")])
    return python


def test_the_contract_installed_alone_needs_pydantic_alone(kit: Path, tmp_path: Path) -> None:
    asked = (
        "import sys; from baton_events.examples import EXAMPLES; from baton_events.catalogue import EVENTS;"
        "print(EXAMPLES.keys() == EVENTS.keys(), 'shared' in sys.modules, 'msgspec' in sys.modules)"
    )
    told = subprocess.run([str(kit), "-c", asked], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["True", "False", "False"]
    uv = str(ROOT / ".uv" / "bin" / "uv")
    listed = subprocess.run(
        [uv, "pip", "list", "--python", str(kit), "--format", "freeze"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    names = {line.partition("==")[0].partition(" ")[0] for line in listed.stdout.splitlines()}
    needs = {"pydantic", "pydantic-core", "annotated-types", "typing-extensions", "typing-inspection"}
    assert names == {"baton-events", *needs}


@in_the_house
async def test_python_reads_the_topic(kit: Path, selling: House, tmp_path: Path) -> None:
    uv = str(ROOT / ".uv" / "bin" / "uv")
    _fetched([uv, "pip", "install", "--quiet", "--python", str(kit), "aiokafka"])
    argv = [str(kit), str(EXAMPLES / "python" / "consumer.py")]
    kafka = {"KAFKA_BOOTSTRAP_SERVERS": _kafka(selling)}
    with _running(argv, tmp_path / "log", cwd=tmp_path, **kafka):
        await _says(tmp_path / "log", SAID)


@in_the_house
async def test_java_reads_the_topic(selling: House, tmp_path: Path) -> None:
    java, maven = _program("java"), _program("mvn")
    pom = str(EXAMPLES / "java" / "pom.xml")
    fetch = ("dependency:copy-dependencies", f"-DoutputDirectory={tmp_path / 'lib'}")
    _fetched([maven, "-q", "-B", "-f", pom, *fetch])
    argv = [java, "-cp", f"{tmp_path / 'lib'}/*", str(EXAMPLES / "java" / "Consumer.java")]
    kafka = {"KAFKA_BOOTSTRAP_SERVERS": _kafka(selling)}
    with _running(argv, tmp_path / "log", cwd=tmp_path, **kafka):
        await _says(tmp_path / "log", SAID)


@in_the_house
async def test_node_follows_the_feed_and_goes_on_where_it_stopped(selling: House, tmp_path: Path) -> None:
    argv = [_program("node"), str(EXAMPLES / "node" / "consumer.mjs")]
    environment = {"BATON_CUSTOMERS": selling.url("customers"), "BATON_TOKEN": selling.token("system")}
    with _running(argv, tmp_path / "log", cwd=tmp_path, **environment):
        await _says(tmp_path / "log", SAID)
    async with selling.client() as client:
        deal = {"id": "e2", "title": "第二单", "owner": "p1", "product": "Seats", "line": "Software"}
        deals = f"{selling.url('customers')}/deals"
        (await client.post(deals, json={**deal, "amount": {"minor": 100}})).raise_for_status()
        (await client.post(f"{deals}/e2/win", json={})).raise_for_status()
    with _running(argv, tmp_path / "again", cwd=tmp_path, **environment):
        await _says(tmp_path / "again", "deal-e2 第二单 100 CNY")
    assert SAID not in (tmp_path / "again").read_text(encoding="utf-8")


@in_the_house
async def test_kcat_reads_the_topic(selling: House, tmp_path: Path) -> None:
    _program("kcat")
    readme = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    command = re.search(r"^kcat .*$", readme, re.MULTILINE)
    assert command
    line = command[0].replace("127.0.0.1:8090", _kafka(selling)).replace(" | grep", " | grep --line-buffered")
    with _running(["bash", "-c", f"exec {line}"], tmp_path / "log", cwd=tmp_path):
        await _says(tmp_path / "log", '"subject":"deal-e1"')
