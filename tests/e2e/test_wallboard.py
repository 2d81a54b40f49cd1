"""A person looks at the wallboard while somebody else wins a deal, and asks what a number is made of."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.e2e.pages import until_said, wait_for, wait_until_gone
from tests.house import House, house

SAID = {
    "zh": {"up to date": "数据最新", "no target": "未设目标", "period": "时段口径", "won": "赢单"},
    "en": {"up to date": "up to date", "no target": "no target set", "period": "Period", "won": "Deal won"},
}


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path / "data") as it:
        yield it


async def test_a_deal_won_over_http_changes_the_tile_on_the_page(
    browser: webdriver.Chrome, running: House
) -> None:
    await _open_deal(running)
    browser.get(f"{running.url('performance')}/?lang=en")
    wait_for(browser, "open_pipeline", "12345")
    wait_for(browser, "won_amount", "0")

    await _win_it(running)

    wait_for(browser, "won_amount", "12345")
    wait_for(browser, "won_count", "1")
    wait_for(browser, "win_rate", "1")
    wait_for(browser, "open_pipeline", "0")


async def test_a_person_asks_in_both_languages_what_a_number_is_made_of(
    browser: webdriver.Chrome, running: House
) -> None:
    await _open_deal(running)
    await _win_it(running)
    for lang, said in SAID.items():
        browser.get(f"{running.url('performance')}/?lang={lang}")
        wait_for(browser, "won_amount", "12345")
        until_said(browser, ".header [data-freshness=fresh]", said["up to date"])
        until_said(browser, "[data-group=sales] [data-freshness=fresh]", ":")
        until_said(browser, "[data-kpi=attainment]", said["no target"])

        tile = until_said(browser, "[data-kpi=won_amount] button")
        tile.send_keys(Keys.ENTER)
        deal = until_said(browser, "[data-explains=won_amount] [data-entity=deal-d1]", "CNY 12,345")
        assert said["won"] in deal.text
        link = deal.find_element(By.TAG_NAME, "a").get_attribute("href")
        assert link == f"{running.url('performance')}/desk/?at=deals/d1&lang={lang}"
        assert said["period"] in until_said(browser, "[data-explains=won_amount] .meaning").text

        browser.switch_to.active_element.send_keys(Keys.ESCAPE)
        wait_until_gone(browser, "dialog")
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
