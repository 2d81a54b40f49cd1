"""From a command's answer to the changed number on /live, with everything running on this machine."""

import asyncio
import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import Final

import httpx

from tests.house import House, house

DEALS: Final = 300
PAUSE_SECONDS: Final = 0.03


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with house(Path(folder) / "data") as it:
            waits = await measure(it)
    waits.sort()
    row = {
        "wins": len(waits),
        "p50_ms": round(statistics.median(waits) * 1000, 1),
        "p90_ms": round(waits[int(len(waits) * 0.9)] * 1000, 1),
        "p99_ms": round(waits[int(len(waits) * 0.99)] * 1000, 1),
    }
    print("from a command's answer to the changed cell on /live:", json.dumps(row))


async def measure(it: House) -> list[float]:
    """Seconds from each win's answer to its cell on the live feed."""
    async with it.client() as client:
        answered: dict[str, float] = {}
        arrived: dict[str, float] = {}
        listening = asyncio.Event()
        live = asyncio.create_task(_listen(it, arrived, listening))
        await listening.wait()
        for n in range(DEALS):
            line = f"line-{n}"
            await _open(client, it, deal_id=f"bench-{n}", line=line)
            won = await client.post(f"{it.url('customers')}/deals/bench-{n}/win", json={})
            answered[line] = time.perf_counter()
            won.raise_for_status()
            await asyncio.sleep(PAUSE_SECONDS)
        async with asyncio.timeout(10):
            while len(arrived) < DEALS:
                await asyncio.sleep(0.01)
        live.cancel()
    return [max(0.0, arrived[line] - answered[line]) for line in answered]


async def _open(client: httpx.AsyncClient, it: House, *, deal_id: str, line: str) -> None:
    body = {
        "id": deal_id,
        "title": "Bench",
        "owner": "p-bench",
        "product": "Bench",
        "line": line,
        "amount": {"minor": 100, "currency": "CNY"},
    }
    (await client.post(f"{it.url('customers')}/deals", json=body)).raise_for_status()


async def _listen(it: House, arrived: dict[str, float], listening: asyncio.Event) -> None:
    async with (
        it.client() as client,
        client.stream("GET", f"{it.url('performance')}/live", timeout=None) as live,
    ):
        listening.set()
        async for text in live.aiter_lines():
            if not text.startswith("data: "):
                continue
            for cell in json.loads(text.removeprefix("data: ")):
                if cell["measure"] == "won_count":
                    arrived.setdefault(cell["line"], time.perf_counter())


if __name__ == "__main__":
    asyncio.run(main())
