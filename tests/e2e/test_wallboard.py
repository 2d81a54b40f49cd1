"""A person looks at the wallboard while somebody else wins a deal."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from tests.house import House, house

QUIET = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1920,1080",
)


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[webdriver.Chrome]:
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if chromium is None or driver is None:
        pytest.skip("no browser: apt-get install chromium chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for option in (*QUIET, f"--user-data-dir={tmp_path / 'browser'}", "--lang=en"):
        options.add_argument(option)
    with webdriver.Chrome(options=options, service=Service(driver)) as chrome:
        yield chrome


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path / "data") as it:
        yield it


async def test_a_deal_won_over_http_changes_the_tile_on_the_page(
    browser: webdriver.Chrome, running: House
) -> None:
    async with running.client() as client:
        customers = running.url("customers")
        body = {
            "id": "d1",
            "title": "云帆科技 · 200 seats",
            "owner": "p-wang",
            "product": "Seats",
            "line": "Software",
            "amount": {"minor": 1_234_500, "currency": "CNY"},
        }
        (await client.post(f"{customers}/deals", json=body)).raise_for_status()
        browser.get(f"{running.url('performance')}/?lang=en")
        _wait_for(browser, "open_pipeline", "12345")
        _wait_for(browser, "won_amount", "0")

        (await client.post(f"{customers}/deals/d1/win", json={})).raise_for_status()

        _wait_for(browser, "won_amount", "12345")
        _wait_for(browser, "won_count", "1")
        _wait_for(browser, "win_rate", "1")
        _wait_for(browser, "open_pipeline", "0")


def _wait_for(browser: webdriver.Chrome, kpi: str, value: str) -> None:
    number = (By.CSS_SELECTOR, f'[data-kpi="{kpi}"] [data-value]')

    def shows(chrome: webdriver.Chrome) -> bool:
        found = chrome.find_elements(*number)
        return bool(found) and found[0].get_attribute("data-value") == value

    WebDriverWait(browser, 20, poll_frequency=0.05).until(shows, f"{kpi} never showed {value}")
