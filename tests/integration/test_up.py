"""`baton up` as a person runs it: everything comes, what crashes comes again, and nothing stays behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from baton import broker
from baton.programs import OFFSETS
from baton.tokens import signed, signing_key
from shared.service.actor import Actor
from tests.unit.baton.programs import alive
from tests.unit.baton.started import argv, children, command, environment, up
from tests.waiting import until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc"),
]


@pytest.fixture(autouse=True)
def _an_embedded_broker(tmp_path: Path) -> None:
    try:
        broker.argv(tmp_path, port=1)
    except broker.NoBroker as missing:
        pytest.skip(str(missing))


async def test_everything_starts_answers_and_stops_without_a_trace(tmp_path: Path) -> None:
    with up(tmp_path) as (process, port, output):
        await until(lambda: "Baton runs" in output.read_text(), within=60)
        assert f"http://127.0.0.1:{port + 1}/docs" in output.read_text()
        started = children(process.pid)
        assert len(started) == len(OFFSETS) + 1
        token = signed(
            signing_key(tmp_path / "data", environment={}), Actor(id="boss", role="manager"), days=1
        )
        async with httpx.AsyncClient(headers={"Authorization": f"Bearer {token}"}) as client:
            services = (await client.get(f"http://127.0.0.1:{port}/services")).json()
            assert services == {name: f"http://127.0.0.1:{port + n}" for name, n in OFFSETS.items()}
            deal = {"id": "d-1", "title": "A deal", "owner": "p-1", "product": "P", "line": "L"}
            body = {**deal, "amount": {"minor": 100, "currency": "CNY"}}
            opened = await client.post(f"{services['customers']}/deals", json=body)
            assert opened.status_code == 201
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
        assert not [pid for pid in started if alive(pid)]


async def test_a_killed_service_is_back_soon(tmp_path: Path) -> None:
    with up(tmp_path) as (process, port, output):
        await until(lambda: "Baton runs" in output.read_text(), within=60)
        victim = next(pid for pid in children(process.pid) if "services.orders" in command(pid))
        os.kill(victim, signal.SIGKILL)
        await until(lambda: "orders ended (killed by SIGKILL)" in output.read_text())
        await until(lambda: _answers(port + OFFSETS["orders"]), within=30)


async def test_a_second_up_is_refused_and_so_is_a_port_in_use(tmp_path: Path) -> None:
    with up(tmp_path) as (_, port, output):
        await until((tmp_path / "data" / "token.key").exists)
        same_data = _refusal(tmp_path / "data", port + 50)
        assert "Another `baton up`" in same_data
        await until(lambda: "Baton runs" in output.read_text(), within=60)
        assert f"Port {port} (performance) is in use" in _refusal(tmp_path / "other", port)


async def test_when_it_is_killed_its_children_die_with_it(tmp_path: Path) -> None:
    with up(tmp_path) as (process, _, output):
        await until(lambda: "Baton runs" in output.read_text(), within=60)
        started = children(process.pid)
        process.kill()
        process.wait()
        await until(lambda: not [pid for pid in started if alive(pid)])


def _refusal(data: Path, port: int) -> str:
    done = subprocess.run(
        argv(data, port), capture_output=True, text=True, timeout=60, check=False, env=environment()
    )
    assert done.returncode == 1
    return done.stderr


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/health/ready", timeout=2).status_code == 200
    except httpx.TransportError:
        return False
