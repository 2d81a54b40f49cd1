"""Every board of a company at work, in a real browser: at every size, on a wall, in the past."""

import os
import signal
from datetime import datetime, timedelta
from itertools import cycle
from typing import Any, Final

import pytest
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from tests.e2e.looks import (
    OVERLAPS,
    PICTURES,
    SCROLLS,
    SIZES,
    WIDER,
    inaccessible,
    nothing_was_complained_of,
    settles,
    sized,
)
from tests.e2e.pages import BOARDS, BUSY, opened, until_said, until_true, wait_for, wait_until_gone
from tests.house import House

BARS: Final = (By.CSS_SELECTOR, ".trend .chart-place svg path[fill^=rgb]")
WALLS: Final = SIZES[-2:]
STAY_SECONDS: Final = 20
"""So long a wall shows each board, unless it is told otherwise."""
WALL_HOURS: Final = float(os.environ.get("WALL_HOURS", "0.25"))

SHOWN: Final = """
const walker = document.createTreeWalker(document);
let nodes = 1;
while (walker.nextNode()) nodes += 1;
return nodes;
"""
LEAFED: Final = """
const [board, rounds, done] = arguments;
const main = document.querySelector('main');
let seen = 0;
const leafed = new MutationObserver(() => {
  if (main.dataset.board !== board || ++seen < rounds) return;
  leafed.disconnect();
  done();
});
leafed.observe(main, { attributeFilter: ['data-board'] });
"""
AT_ONCE: Final = 20
LEAFED_TO: Final = "return document.querySelector('main').dataset.board === arguments[0]"
PAUSED: Final = "return document.querySelector('.header').dataset.paused === 'true'"

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_every_board_is_whole_at_every_size_and_for_everybody(
    browser: webdriver.Chrome, company: House
) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    looks = cycle((("zh", "dark"), ("en", "light"), ("en", "dark"), ("zh", "light")))
    for board, (lang, theme) in zip(BOARDS, looks, strict=False):
        opened(browser, company.url("performance"), board=board, lang=lang, theme=theme, period="quarter")
        assert inaccessible(browser) == [], board
        for size in SIZES:
            sized(browser, *size)
            settles(browser, WIDER, OVERLAPS, what=f"{board} at {size}")
            browser.save_screenshot(str(PICTURES / f"{board}-{size[0]}.png"))
    nothing_was_complained_of(browser)


async def test_a_wall_shows_one_board_after_the_other_and_nothing_to_scroll(
    browser: webdriver.Chrome, company: House
) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    for board in BOARDS:
        opened(browser, company.url("performance"), board=board, lang="zh", tv="1", stay="600")
        for size in WALLS:
            sized(browser, *size)
            settles(browser, WIDER, OVERLAPS, SCROLLS, what=f"{board} at {size}")
            browser.save_screenshot(str(PICTURES / f"tv-{board}-{size[0]}.png"))
    opened(browser, company.url("performance"), board="company", lang="en", tv="1", stay="1")
    for board in (*BOARDS[1:], BOARDS[0]):
        until_said(browser, f"main[data-board={board}]")
    nothing_was_complained_of(browser)


@pytest.mark.timeout(1_200)
async def test_a_wall_does_not_grow(browser: webdriver.Chrome, company: House) -> None:
    """As many boards as a wall shows in so many hours, while the company goes on working.

    It has more to show as time goes by: a page opened anew in a tab of its own says what that takes.
    """
    wall = {"board": BOARDS[0], "lang": "zh", "tv": "1", "stay": "0.25"}
    opened(browser, company.url("performance"), **wall)
    _leafed_through(browser, rounds=round(WALL_HOURS * 3_600 / STAY_SECONDS / len(BOARDS)))
    worn = _kept_in_memory(browser)

    hung = browser.current_window_handle
    browser.switch_to.new_window("tab")
    new = browser.current_window_handle
    browser.switch_to.window(hung)
    browser.close()
    browser.switch_to.window(new)
    opened(browser, company.url("performance"), **wall)
    _leafed_through(browser, rounds=3)
    anew = _kept_in_memory(browser)

    assert worn["Shown"] <= anew["Shown"] + 100, (worn, anew)
    assert worn["Detached"] <= anew["Detached"] + 500, (worn, anew)
    assert worn["JSEventListeners"] <= anew["JSEventListeners"] + 50, (worn, anew)
    assert worn["JSHeapUsedSize"] <= anew["JSHeapUsedSize"] + 2_000_000, (worn, anew)


async def test_a_win_is_celebrated_and_the_boards_move(browser: webdriver.Chrome, running: House) -> None:
    await _open_deal(running, "d1", owner="lucky")
    opened(browser, running.url("performance"), board="sales", lang="en", person="lucky")
    wait_for(browser, "won_amount", "0")
    await _win(running, "d1")
    until_said(browser, "[data-kpi=won_amount]", "Deal won · deal-d1")
    until_said(browser, ".celebration", "12.35k")
    wait_for(browser, "won_amount", "12345")
    until_said(browser, "[data-deal=deal-d1]", "12.35k")
    wait_until_gone(browser, ".celebration")


async def test_a_board_shows_what_was_known_then_and_what_came_since(
    browser: webdriver.Chrome, running: House
) -> None:
    await _open_deal(running, "d2", owner="early")
    opened(browser, running.url("performance"), board="company", lang="en", person="early")
    wait_for(browser, "open_pipeline", "12345")
    before: str = browser.execute_script("return new Date().toISOString()")
    await _win(running, "d2")
    wait_for(browser, "won_amount", "12345")

    opened(browser, running.url("performance"), board="company", lang="en", person="early", as_of=before)
    wait_for(browser, "won_amount", "0")
    wait_for(browser, "open_pipeline", "12345")
    until_said(browser, "[data-kpi=won_amount] .since", "+12.35k")
    until_said(browser, ".past .now").click()
    wait_for(browser, "won_amount", "12345")
    assert "as_of" not in browser.current_url


async def test_a_number_leads_to_its_deals_and_they_to_the_desk(
    browser: webdriver.Chrome, running: House
) -> None:
    for deal, owner in (("d4", "curious"), ("d5", "another")):
        await _open_deal(running, deal, owner=owner)
        await _win(running, deal)
    opened(browser, running.url("performance"), board="sales", lang="en")
    until_said(browser, "[data-row=curious] .opens").click()
    until_said(browser, "dialog[data-explains=won_amount] h2", "curious")
    until_said(browser, "dialog [data-entity=deal-d4] .value", "12,345")
    assert not browser.find_elements(By.CSS_SELECTOR, "dialog [data-entity=deal-d5]")
    link = until_said(browser, "dialog [data-entity=deal-d4] a").get_attribute("href")
    browser.get(f"{link}#token={running.token('manager')}")
    until_said(browser, ".file-head h2", "云帆科技")
    until_said(browser, "[data-event='deal-won.v1']")


async def test_who_reads_in_chinese_is_told_in_chinese_what_a_number_means(
    browser: webdriver.Chrome, running: House
) -> None:
    told: dict[str, str] = {}
    formulas = {"en": "won_count ÷ (won_count + lost_count)", "zh": "赢单数 ÷ （赢单数 + 输单数）"}
    for lang, formula in formulas.items():
        opened(browser, running.url("performance"), board="sales", lang=lang)
        until_said(browser, "[data-kpi=win_rate] button").click()
        until_said(browser, "dialog[data-explains=win_rate] .meaning code", formula)
        meaning = browser.find_elements(By.CSS_SELECTOR, "dialog .meaning dd")
        (told[lang],) = {each.get_attribute("lang") or "" for each in meaning}
        until_said(browser, "dialog #part", formula.split(" ", maxsplit=1)[0])
    assert told == {"en": "en", "zh": "zh-CN"}


async def test_a_stage_leads_to_the_deals_on_both_sides_of_it(
    browser: webdriver.Chrome, running: House
) -> None:
    await _open_deal(running, "d6", owner="staged")
    await _post(running, "/deals/d6/advance", {"stage": "engaging"})
    opened(browser, running.url("performance"), board="funnel", lang="en", person="staged")
    until_said(browser, "[data-stage=engaging] .opens", "100").click()
    until_said(browser, "dialog[data-explains=conversion_engaging]")
    until_said(browser, "dialog [data-entity=deal-d6]")


async def test_a_bar_of_a_chart_leads_to_its_deals(browser: webdriver.Chrome, running: House) -> None:
    await _open_deal(running, "d7", owner="charted")
    await _win(running, "d7")
    opened(browser, running.url("performance"), board="sales", lang="en", person="charted")
    ActionChains(browser).click(WebDriverWait(browser, 20).until(_grown_bar)).perform()
    until_said(browser, "dialog[data-explains=won_amount] [data-entity=deal-d7]")
    ActionChains(browser).send_keys(Keys.ESCAPE).perform()
    wait_until_gone(browser, "dialog")
    # The same by keyboard: who comes to the chart's numbers sees them.
    browser.execute_script("document.querySelector('.trend .panel-head').scrollIntoView()")
    (number,) = browser.find_elements(By.CSS_SELECTOR, ".trend td .opens")
    browser.execute_script("arguments[0].focus()", number)
    assert "12.35k" in number.text
    ActionChains(browser).send_keys(Keys.ENTER).perform()
    until_said(browser, "dialog[data-explains=won_amount] [data-entity=deal-d7]")


async def test_a_count_of_handoffs_leads_to_them(browser: webdriver.Chrome, running: House) -> None:
    asks = {"id": "h1", "kind": "between-departments", "subject": "deal-d1", "title": "报价核对"}
    between = {"from_department": "sales", "to_department": "finance"}
    await _post(running, "/handoffs", {**asks, **between}, service="coordination")
    opened(browser, running.url("performance"), board="handoffs", lang="zh")
    count = until_said(browser, "[data-department=finance] .opens", "1")
    browser.get(f"{count.get_attribute('href')}#token={running.token('manager')}")
    until_said(browser, "[data-id=h1]", "报价核对")


async def test_time_is_played_forward(browser: webdriver.Chrome, running: House) -> None:
    then = (datetime.now().astimezone() - timedelta(hours=30)).isoformat()
    opened(browser, running.url("performance"), board="company", lang="en", as_of=then)
    started = browser.current_url
    until_said(browser, ".play").click()
    WebDriverWait(browser, 20).until(lambda chrome: chrome.current_url != started)
    until_said(browser, ".play", "Pause").click()
    until_said(browser, ".play", "Play")


async def test_who_looks_during_a_restart_is_told_and_catches_up(
    browser: webdriver.Chrome, running: House
) -> None:
    await _open_deal(running, "d3", owner="patient")
    opened(browser, running.url("performance"), board="sales", lang="en", person="patient")
    until_said(browser, "[data-connection=live]")
    os.kill(running.pid("performance"), signal.SIGKILL)
    until_said(browser, "[data-connection=reconnecting]")
    await _win(running, "d3")
    until_said(browser, "[data-connection=live]")
    wait_for(browser, "won_amount", "12345")


async def test_leaving_a_page_leaves_no_connection_behind(browser: webdriver.Chrome, running: House) -> None:
    for board in BOARDS:  # a browser has six to one address, and keeps pages to come back to
        opened(browser, running.url("performance"), board=board, lang="en")
        until_said(browser, "[data-connection=live]")
    browser.back()
    until_said(browser, f"main[data-board={BOARDS[-2]}]")
    until_said(browser, "[data-connection=live]")


async def test_keys_lead_from_board_to_board(browser: webdriver.Chrome, running: House) -> None:
    opened(browser, running.url("performance"), board="company", lang="en")
    body = browser.find_element(By.TAG_NAME, "body")
    body.send_keys(Keys.ARROW_RIGHT)
    until_said(browser, "main[data-board=sales]")
    assert "board=sales" in browser.current_url
    body.send_keys(Keys.ARROW_LEFT)
    until_said(browser, "main[data-board=company]")
    body.send_keys("b")
    until_said(browser, ".past")


def _grown_bar(browser: webdriver.Chrome) -> WebElement | None:
    """Bars grow into their place."""
    return next((bar for bar in browser.find_elements(*BARS) if bar.size["height"] > 100), None)


def _leafed_through(browser: webdriver.Chrome, *, rounds: int) -> None:
    """In few questions: the driver keeps what it asked and was told for as long as the page stands."""
    browser.set_script_timeout(AT_ONCE * len(BOARDS) * 5)
    while rounds > 0:
        browser.execute_async_script(LEAFED, BOARDS[0], min(rounds, AT_ONCE))
        rounds -= AT_ONCE


def _kept_in_memory(browser: webdriver.Chrome) -> dict[str, float]:
    """Of a wall that stands at its first board, after its garbage is gone: bytes of the heap, listeners, and
    nodes, on the page and no more on it."""
    ActionChains(browser).send_keys(Keys.SPACE).perform()
    until_true(browser, PAUSED)
    while not browser.execute_script(LEAFED_TO, BOARDS[0]):
        ActionChains(browser).send_keys(Keys.ARROW_RIGHT).perform()
    wait_until_gone(browser, f"{BUSY}, .celebration")
    browser.execute_cdp_cmd("Performance.enable", {})
    for _ in range(2):  # what one turn lets go of is garbage only for the next
        browser.execute_cdp_cmd("HeapProfiler.collectGarbage", {})
    told = browser.execute_cdp_cmd("Performance.getMetrics", {})["metrics"]
    kept = {one["name"]: one["value"] for one in told}
    shown = browser.execute_script(SHOWN)
    return {
        "Shown": shown,
        "Detached": kept["Nodes"] - shown,
        **{name: kept[name] for name in ("JSEventListeners", "JSHeapUsedSize")},
    }


async def _open_deal(it: House, deal: str, *, owner: str) -> None:
    body = {"id": deal, "title": "云帆科技", "owner": owner, "product": "Seats", "line": "Software"}
    amount = {"minor": 1_234_500, "currency": "CNY"}
    await _post(it, "/deals", {**body, "amount": amount})


async def _win(it: House, deal: str) -> None:
    await _post(it, f"/deals/{deal}/win", {})


async def _post(it: House, path: str, body: dict[str, Any], *, service: str = "customers") -> None:
    async with it.client() as client:
        (await client.post(it.url(service) + path, json=body)).raise_for_status()
