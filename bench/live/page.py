"""The page in Chromium: how soon a board is painted, and how soon a number moves after its command."""

import argparse
import asyncio
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import httpx
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from bench.figures import quantile, spread
from bench.report import keep
from tests.conftest import QUIET
from tests.e2e.pages import BOARDS, opened, wait_for
from tests.house import House, house

LOADS: Final = 10
WINS: Final = 100
PAUSE: Final = 0.25
GOAL: Final = 0.1
"""Seconds."""
WON_BEFORE: Final = 200
NUMBER: Final = "[data-kpi] [data-value]"
WATCH: Final = f"""
window.seen = [];
window.firstNumber = null;
new MutationObserver(() => {{
  const at = performance.timeOrigin + performance.now();
  const number = document.querySelector('{NUMBER}');
  if (number && window.firstNumber === null) window.firstNumber = performance.now();
  const won = document.querySelector('[data-kpi=won_count] [data-value]');
  const value = won && won.getAttribute('data-value');
  if (value && (!window.seen.length || window.seen.at(-1)[0] !== value)) window.seen.push([value, at]);
}}).observe(document, {{ subtree: true, childList: true, attributes: true, characterData: true }});
"""
PAINTED: Final = """
const paint = performance.getEntriesByType('paint').find(({ name }) => name === 'first-contentful-paint');
return [paint.startTime, window.firstNumber];
"""


async def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--json", type=Path, default=Path("build/bench/page.json"))
    with tempfile.TemporaryDirectory(prefix="page-") as folder:
        async with house(Path(folder) / "data") as it:
            await _sold_already(it)
            with _browser(Path(folder) / "browser") as browser:
                report = {"first_ms": _loaded(browser, it), "moved_ms": await _moved(browser, it)}
    keep(options.parse_args().json, report)
    for board, (paint, number) in report["first_ms"].items():
        print(f"{board:12} first paint {paint} ms, first number {number or '-'} ms")
    print(f"from a command's answer to its number: {report['moved_ms']}")


def _browser(profile: Path) -> webdriver.Chrome:
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if chromium is None or driver is None:
        raise SystemExit("no browser: apt-get install chromium chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for option in (*QUIET, f"--user-data-dir={profile}", "--lang=en"):
        options.add_argument(option)
    browser = webdriver.Chrome(options=options, service=Service(driver))
    browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH})
    return browser


def _middle(times: list[float | None]) -> float | None:
    """The median; none where there was nothing to see."""
    return None if None in times else round(quantile([time for time in times if time is not None], 0.5))


def _loaded(browser: webdriver.Chrome, it: House) -> dict[str, tuple[float | None, ...]]:
    """Each board, opened as if for the first time: medians of its first paint and of its first number."""
    browser.execute_cdp_cmd("Network.setCacheDisabled", {"cacheDisabled": True})
    found = {}
    for board in BOARDS:
        times = []
        for _ in range(LOADS):
            opened(browser, it.url("performance"), board=board, lang="en", period="year")
            times.append(browser.execute_script(PAINTED))
        found[board] = tuple(_middle([load[each] for load in times]) for each in (0, 1))
    return found


async def _moved(browser: webdriver.Chrome, it: House) -> dict[str, Any]:
    """One deal after the other is won; the page notes when the count of won deals showed each."""
    opened(browser, it.url("performance"), board="sales", lang="en", period="year")
    async with it.client() as client:
        answered = {}
        for n in range(WINS):
            await _open(client, it, f"live-{n}")
        for n in range(WINS):
            (await client.post(f"{it.url('customers')}/deals/live-{n}/win", json={})).raise_for_status()
            answered[str(WON_BEFORE + n + 1)] = time.time() * 1_000
            await asyncio.sleep(PAUSE)
    await asyncio.to_thread(wait_for, browser, "won_count", str(WON_BEFORE + WINS))
    seen: dict[str, float] = {}
    for value, at in browser.execute_script("return window.seen"):
        seen.setdefault(value, at)
    waits = [(seen[value] - at) / 1_000 for value, at in answered.items() if value in seen]
    within = sum(wait <= GOAL for wait in waits)
    return {"wins": WINS, "seen one by one": len(waits), "within 100 ms": within, **spread(waits)}


async def _sold_already(it: House) -> None:
    async with it.client() as client:
        for n in range(WON_BEFORE):
            await _open(client, it, f"before-{n}")
            (await client.post(f"{it.url('customers')}/deals/before-{n}/win", json={})).raise_for_status()


async def _open(client: httpx.AsyncClient, it: House, deal: str) -> None:
    body = {"id": deal, "title": deal, "owner": "p1", "product": "Seats", "line": "Software"}
    amount = {"minor": 1_000_00, "currency": "CNY"}
    answer = await client.post(f"{it.url('customers')}/deals", json={**body, "amount": amount})
    answer.raise_for_status()


if __name__ == "__main__":
    asyncio.run(main())
