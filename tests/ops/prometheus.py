"""Prometheus itself, on a free port, with its own data folder."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
import yaml

from tests.ports import free_ports
from tests.waiting import until

JOB: Final = "baton"
OFTEN: Final = "3s"


def program(name: str) -> str:
    """Where it is; without it the test is skipped, or fails with ``REQUIRE_PROMETHEUS=1``."""
    found = shutil.which(name)
    if found is None:
        missing = f"there is no {name} here: apt-get install prometheus"
        if os.environ.get("REQUIRE_PROMETHEUS"):
            pytest.fail(missing)
        pytest.skip(missing)
    return found


class Asked:
    """What it answers."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def query(self, expr: str) -> list[dict[str, Any]]:
        """The series of an instant query; fails with what is wrong with it."""
        answer = (await self._client.post("/api/v1/query", data={"query": expr})).json()
        assert answer["status"] == "success", f"{answer.get('error')}: {expr}"
        found: list[dict[str, Any]] = answer["data"]["result"]
        return found

    async def answer(self, expr: str, where: str) -> list[dict[str, Any]]:
        """The same, when there are any: on a busy machine a scrape is missed, and then there are none."""
        what = f"there is an answer to {expr} ({where})"
        found: list[dict[str, Any]] = await until(lambda: self.query(expr), within=60, what=what)
        return found

    async def rules(self) -> list[dict[str, Any]]:
        answer = (await self._client.get("/api/v1/rules")).json()
        return [rule for group in answer["data"]["groups"] for rule in group["rules"]]


@asynccontextmanager
async def scraping(targets: Mapping[str, str], rules: list[Path], folder: Path) -> AsyncIterator[Asked]:
    """It scrapes each service and works out the rules every few seconds, until the block ends."""
    port = free_ports(1)
    (folder / "rules").mkdir()
    for file in rules:
        often = file.read_text().replace("interval: 30s", f"interval: {OFTEN}")
        (folder / "rules" / file.name).write_text(often)
    configuration = {
        "global": {"scrape_interval": OFTEN, "scrape_timeout": OFTEN, "evaluation_interval": OFTEN},
        "rule_files": ["rules/*.yml"],
        "scrape_configs": [
            {
                "job_name": JOB,
                "static_configs": [
                    {"targets": [address], "labels": {"service": service}}
                    for service, address in targets.items()
                ],
            }
        ],
    }
    (folder / "prometheus.yml").write_text(yaml.safe_dump(configuration))
    with (folder / "log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            program("prometheus"),
            f"--config.file={folder / 'prometheus.yml'}",
            f"--storage.tsdb.path={folder / 'data'}",
            f"--web.listen-address=127.0.0.1:{port}",
            stdout=log,
            stderr=log,
        )
        try:
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
                await until(lambda: _ready(client), within=60, what="Prometheus is ready")
                yield Asked(client)
        finally:
            process.terminate()
            await asyncio.wait_for(process.wait(), 30)


async def _ready(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/-/ready")).is_success
    except httpx.TransportError:
        return False
