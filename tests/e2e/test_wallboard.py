"""A person looks at the wallboard while somebody else wins a deal, and asks what a number is made of."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
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

SAID = {
    "zh": {"up to date": "数据最新", "no target": "未设目标", "period": "时段口径"},
    "en": {"up to date": "up to date", "no target": "no target set", "period": "Period"},
}


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
    await _open_deal(running)
    browser.get(f"{running.url('performance')}/?lang=en")
    _wait_for(browser, "open_pipeline", "12345")
    _wait_for(browser, "won_amount", "0")

    await _win_it(running)

    _wait_for(browser, "won_amount", "12345")
    _wait_for(browser, "won_count", "1")
    _wait_for(browser, "win_rate", "1")
    _wait_for(browser, "open_pipeline", "0")


async def test_a_person_asks_in_both_languages_what_a_number_is_made_of(
    browser: webdriver.Chrome, running: House
) -> None:
    await _open_deal(running)
    await _win_it(running)
    for lang, said in SAID.items():
        browser.get(f"{running.url('performance')}/?lang={lang}")
        _wait_for(browser, "won_amount", "12345")
        _until(browser, ".header [data-freshness=fresh]", said["up to date"])
        _until(browser, "[data-group=sales] [data-freshness=fresh]", ":")
        _until(browser, "[data-kpi=attainment]", said["no target"])

        tile = _until(browser, "[data-kpi=won_amount] button")
        tile.send_keys(Keys.ENTER)
        deal = _until(browser, "[data-explains=won_amount] [data-entity=deal-d1]", "CNY 12,345")
        assert "deal-won.v1" in deal.text
        link = deal.find_element(By.TAG_NAME, "a").get_attribute("href")
        assert link == f"{running.url('customers')}/deals/d1"
        assert said["period"] in _until(browser, "[data-explains=won_amount] .meaning").text

        browser.switch_to.active_element.send_keys(Keys.ESCAPE)
        _wait_until_gone(browser, "dialog")
        assert browser.switch_to.active_element == tile


async def _open_deal(running: House) -> None:
    body = {
        "id": "d1",
        "title": "云帆科技 · 200 seats",
        "owner": "p-wang",
        "product": "Seats",
        "line": "Software",
        "amount": {"minor": 1_234_500, "currency": "CNY"},
    }
    async with running.client() as client:
        (await client.post(f"{running.url('customers')}/deals", json=body)).raise_for_status()


async def _win_it(running: House) -> None:
    async with running.client() as client:
        (await client.post(f"{running.url('customers')}/deals/d1/win", json={})).raise_for_status()


def _wait_for(browser: webdriver.Chrome, kpi: str, value: str) -> None:
    number = (By.CSS_SELECTOR, f'[data-kpi="{kpi}"] [data-value]')

    def shows(chrome: webdriver.Chrome) -> bool:
        found = chrome.find_elements(*number)
        return bool(found) and found[0].get_attribute("data-value") == value

    WebDriverWait(browser, 20, poll_frequency=0.05).until(shows, f"{kpi} never showed {value}")


def _wait_until_gone(browser: webdriver.Chrome, selector: str) -> None:
    WebDriverWait(browser, 20, poll_frequency=0.05).until_not(
        lambda chrome: chrome.find_elements(By.CSS_SELECTOR, selector), f"{selector} never went"
    )


def _until(browser: webdriver.Chrome, selector: str, text: str = "") -> WebElement:
    """The first element there that says this, as soon as there is one."""

    def found(chrome: webdriver.Chrome) -> WebElement | None:
        elements = chrome.find_elements(By.CSS_SELECTOR, selector)
        return next((element for element in elements if text in element.text), None)

    waiting = WebDriverWait(
        browser, 20, poll_frequency=0.05, ignored_exceptions=(StaleElementReferenceException,)
    )
    element = waiting.until(found, f"{selector} never said {text}")
    assert element is not None
    return element
