"""The desk, worked at by hand in a real browser: from a stranger to a solved complaint."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import httpx
import pytest
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from shared.service.actor import Role
from tests.e2e.looks import (
    OVERLAPS,
    PICTURES,
    SIZES,
    WIDER,
    inaccessible,
    nothing_was_complained_of,
    settles,
    sized,
)
from tests.e2e.pages import until_said, wait_until_gone
from tests.house import House

KINDS: Final = (
    *("leads", "accounts", "deals", "orders", "receivables"),
    *("complaints", "surveys", "handoffs", "targets", "plans", "products", "people", "teams"),
)
LARGE: Final = ("deals", "accounts")
"""Looked at on large screens, too, where the others are no different."""
FILES: Final = tuple(kind for kind in KINDS if kind not in ("targets", "surveys", "people", "teams"))

pytestmark = pytest.mark.asyncio(loop_scope="module")


class Desk:
    """What somebody does at the desk, and sees."""

    def __init__(
        self,
        browser: webdriver.Chrome,
        it: House,
        role: Role = "manager",
        department: str | None = None,
    ) -> None:
        self.browser = browser
        self._url = f"{it.url('performance')}/desk/"
        browser.get(f"{self._url}?lang=en#token={it.token(role, department)}")
        until_said(browser, ".who", role)

    def opens(self, at: str, lang: str = "en", theme: str = "light") -> None:
        """A list or a thing, once it is there."""
        self.browser.get(f"{self._url}?at={at}&lang={lang}&theme={theme}")
        kind, _, thing = at.partition("&")[0].partition("/")
        until_said(self.browser, f"main[data-kind={kind}]")
        until_said(self.browser, ".file-head" if thing else "section.list, section.deal-board")
        wait_until_gone(self.browser, "main [aria-busy=true]")

    def starts(self, kind: str) -> None:
        until_said(self.browser, f"[data-new={kind}]").click()
        until_said(self.browser, "dialog[open] h2")

    def step(self, name: str) -> None:
        until_said(self.browser, f".file [data-step={name}]").click()

    def asked(self, name: str) -> None:
        """The form of a step is there."""
        self.step(name)
        until_said(self.browser, "dialog[open] h2")

    def fills(self, fields: Mapping[str, str]) -> None:
        for name, text in fields.items():
            field = self.browser.find_element(By.CSS_SELECTOR, f"dialog[open] [name='{name}']")
            if field.tag_name == "select":
                Select(field).select_by_value(text)
            elif field.get_attribute("type") == "date":
                field.send_keys(text)
            else:
                field.send_keys(Keys.CONTROL, "a")
                field.send_keys(text or Keys.DELETE)

    def saves(self) -> None:
        self.tries()
        wait_until_gone(self.browser, "dialog[open]")

    def tries(self) -> None:
        self.browser.find_element(By.CSS_SELECTOR, "dialog[open] button.main").click()

    def fact(self, name: str) -> str:
        return until_said(self.browser, f".file [data-fact={name}] dd").text

    def stands(self, state: str) -> None:
        until_said(self.browser, f".file-head [data-state={state}]")

    def finds(self, kind: str, text: str) -> None:
        """Opens the thing of which the list says this, as soon as it does."""
        self.opens(kind)
        until_said(self.browser, ".things tbody td:first-child a", text).click()
        until_said(self.browser, ".file-head")

    def drags(self, deal: str, column: str) -> None:
        card = until_said(self.browser, f"[data-deal='{deal}'] .money")
        head = self.browser.find_element(By.CSS_SELECTOR, f"section[data-column={column}] h3")
        hand = ActionChains(self.browser).click_and_hold(card).move_by_offset(12, 0)
        hand.move_to_element(head).release().perform()


def _typed(day: date) -> str:
    """A day as a date field of an English browser is typed."""
    return f"{day:%m%d%Y}"


async def test_the_whole_story_by_hand(browser: webdriver.Chrome, running: House) -> None:
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date()
    sized(browser, 1440, 900)
    desk = Desk(browser, running)
    assert "token" not in browser.current_url

    desk.opens("teams")
    desk.starts("teams")
    desk.fills({"name": "华东一组", "department": "sales", "region": "East"})
    desk.saves()
    until_said(browser, "[data-list=teams] tbody", "华东一组")
    desk.opens("people")
    desk.starts("people")
    desk.fills({"name": "王伟", "team_id": "华东一组", "post": "rep"})
    desk.saves()
    until_said(browser, "[data-list=people] tbody", "王伟")

    desk.opens("leads")
    desk.starts("leads")
    desk.fills({"company": "云帆科技有限公司", "source": "web", "owner": "王伟", "line": "Atlas"})
    desk.saves()
    desk.stands("assigned")
    desk.asked("contact")
    desk.saves()
    desk.step("qualify")
    desk.stands("qualified")
    desk.asked("convert")
    desk.fills({"title": "Atlas 200", "product": "Atlas", "line": "Atlas", "amount": "80,000"})
    desk.saves()
    desk.stands("converted")

    until_said(browser, "[data-fact=deal_id] a").click()
    until_said(browser, ".file-head h2", "Atlas 200")
    deal = browser.current_url.split("at=deals/")[1].split("&")[0]
    assert desk.fact("amount") == "¥80,000"
    desk.opens("deals")
    desk.drags(deal, "negotiating")
    until_said(browser, f"section[data-column=negotiating] [data-deal='{deal}']")
    desk.drags(deal, "won")
    until_said(browser, "dialog[open] h2", "Win")
    desk.saves()
    until_said(browser, f"section[data-column=won] [data-deal='{deal}']")

    desk.finds("orders", "Atlas 200")
    desk.asked("confirm")
    desk.fills({"promised_on": _typed(tomorrow)})
    desk.saves()
    assert desk.fact("promised_on") == tomorrow.isoformat()
    desk.finds("handoffs", "Produce order")
    desk.asked("return")
    desk.fills({"reason": "缺少图纸"})
    desk.saves()
    desk.asked("resubmit")
    desk.fills({"note": "已附上"})
    desk.saves()
    desk.step("accept")
    desk.stands("working")
    until_said(browser, "[data-event='handoff-returned.v1']", "缺少图纸")

    desk.finds("orders", "Atlas 200")
    desk.step("ready")
    desk.stands("ready")
    desk.asked("ship")
    desk.fills({"carrier": "SF"})
    desk.saves()
    desk.asked("deliver")
    desk.saves()
    desk.stands("delivered")
    desk.finds("receivables", deal)
    assert desk.fact("rest") == "¥80,000"
    desk.asked("receipts")
    desk.saves()
    desk.stands("settled")

    desk.finds("accounts", "云帆科技有限公司")
    desk.starts("complaints")
    desk.fills({"subject": "开不了机", "severity": "high"})
    desk.saves()
    desk.step("acknowledge")
    until_said(browser, "[data-fact=acknowledged_at] time")
    desk.asked("resolve")
    desk.fills({"resolution": "Replaced"})
    desk.saves()
    desk.asked("close")
    desk.fills({"satisfaction": "5"})
    desk.saves()
    desk.stands("closed")

    desk.finds("accounts", "云帆科技有限公司")
    for kind in ("complaint", "order", "deal", "lead"):
        until_said(browser, f"[data-moment={kind}]")
    nothing_was_complained_of(browser)


async def test_what_is_wrong_is_said_at_its_field(browser: webdriver.Chrome, running: House) -> None:
    await _hire(running, "p-li", "李娜")
    desk = Desk(browser, running)
    desk.opens("deals", lang="zh")
    desk.starts("deals")
    desk.tries()
    for field in ("title", "owner", "product", "line", "amount"):
        until_said(browser, f"[data-field={field}] .wrong", "此项必填")
    assert browser.switch_to.active_element.get_attribute("name") == "title"
    desk.fills(
        {"title": "座席", "owner": "没有此人", "product": "Seats", "line": "Software", "amount": "很多"}
    )
    until_said(browser, "[data-field=owner] .wrong", "没有这一项")
    until_said(browser, "[data-field=amount] .wrong", "1234.50")

    desk.fills({"owner": "李娜", "amount": "99", "expected_close": "0101" + "20000"})
    desk.tries()
    # A year that only the service knows to be none.
    until_said(browser, "[data-field=expected_close] .wrong")
    assert browser.switch_to.active_element.get_attribute("name") == "expected_close"
    desk.fills({"expected_close": "0101" + "002030"})
    desk.saves()
    until_said(browser, ".file-head h2", "座席")


async def test_a_customer_who_is_there_already_is_found(browser: webdriver.Chrome, running: House) -> None:
    desk = Desk(browser, running)
    for _ in range(2):
        desk.opens("accounts", lang="zh")
        desk.starts("accounts")
        desk.fills({"name": "东方重工集团"})
        desk.tries()
        until_said(browser, ".file-head h2, dialog .problem")
    until_said(browser, "dialog .problem", "撞单")
    until_said(browser, "dialog .problem a").click()
    until_said(browser, ".file-head h2", "东方重工集团")
    wait_until_gone(browser, "dialog[open]")


async def test_who_was_slower_looks_again_and_then_saves(browser: webdriver.Chrome, running: House) -> None:
    await _open_deal(running, "slow")
    desk = Desk(browser, running)
    desk.opens("deals/slow")
    desk.asked("reprice")
    await _post(running, "/deals/slow/reprice", {"amount": {"minor": 700_00, "currency": "CNY"}})
    desk.fills({"amount": "800"})
    desk.tries()
    until_said(browser, "dialog .problem", "Somebody changed it")
    until_said(browser, ".file [data-fact=amount]", "¥700")
    desk.saves()
    until_said(browser, ".file [data-fact=amount]", "¥800")


async def test_a_command_without_an_answer_is_done_once(browser: webdriver.Chrome, running: House) -> None:
    await _open_deal(running, "cut-off")
    desk = Desk(browser, running)
    desk.opens("deals/cut-off")
    desk.asked("reprice")
    desk.fills({"amount": "900"})
    _online(browser, yes=False)
    desk.tries()
    until_said(browser, "dialog .problem", "does not answer")
    _online(browser, yes=True)
    desk.saves()
    until_said(browser, ".file [data-fact=amount]", "¥900")
    assert len(browser.find_elements(By.CSS_SELECTOR, "[data-event='deal-repriced.v1']")) == 1


async def test_what_a_post_may_not_do_is_not_offered(browser: webdriver.Chrome, running: House) -> None:
    await _open_deal(running, "seen")
    desk = Desk(browser, running, role="finance")
    desk.opens("deals/seen", lang="zh")
    wait_until_gone(browser, "[data-step]")
    desk.opens("deals")
    wait_until_gone(browser, "[data-new=deals]")
    desk.opens("receivables")
    until_said(browser, "[data-new=receivables]")


async def test_a_viewer_is_told_who_may_see_it(browser: webdriver.Chrome, running: House) -> None:
    await _open_deal(running, "unseen")
    Desk(browser, running, role="viewer")
    browser.get(f"{running.url('performance')}/desk/?at=deals/unseen&lang=zh")
    until_said(browser, ".file .problem", "只有销售、市场、财务")


async def test_a_customer_is_shared_with_another_department(
    browser: webdriver.Chrome, running: House
) -> None:
    east = Desk(browser, running, "sales", "east")
    east.opens("accounts")
    east.starts("accounts")
    east.fills({"name": "共享科技"})
    east.saves()
    until_said(browser, ".file-head h2", "共享科技")
    account = until_said(browser, "[data-file]").get_attribute("data-file")
    assert east.fact("department") == "East"
    west = Desk(browser, running, "sales", "west")
    browser.get(f"{running.url('performance')}/desk/?at={account}&lang=zh")
    until_said(browser, ".file .problem", "没有找到")
    east = Desk(browser, running, "sales", "east")
    east.opens(str(account))
    east.asked("share")
    east.fills({"department": "west"})
    east.saves()
    until_said(browser, "[data-event='account-shared.v1']")
    west = Desk(browser, running, "sales", "west")
    west.finds("accounts", "共享科技")
    assert west.fact("department") == "East"


async def test_a_token_that_is_no_good_leads_to_the_door(browser: webdriver.Chrome, running: House) -> None:
    browser.get(f"{running.url('performance')}/desk/?lang=zh#token=a.eyJzdWIiOiJ4Iiwicm9sZSI6InNhbGVzIn0.b")
    until_said(browser, "#token-why", "令牌已失效")
    browser.find_element(By.CSS_SELECTOR, "form input").send_keys(running.token("sales"), Keys.ENTER)
    until_said(browser, ".who", "test-sales")


async def test_under_another_name_the_desk_moves_to_its_own(
    browser: webdriver.Chrome, running: House
) -> None:
    await _open_deal(running, "named")
    elsewhere = running.url("performance").replace("127.0.0.1", "localhost")
    browser.get(f"{elsewhere}/desk/?at=deals/named&lang=en#token={running.token('sales')}")
    until_said(browser, ".file-head h2", "Deal named")
    assert browser.current_url.startswith(f"{running.url('performance')}/desk/?at=deals/named")
    browser.switch_to.new_window("tab")
    browser.get(f"{running.url('performance')}/desk/?lang=en")
    until_said(browser, ".who", "test-sales")


async def test_a_deal_is_moved_with_the_keyboard(browser: webdriver.Chrome, running: House) -> None:
    await _open_deal(running, "keyed")
    desk = Desk(browser, running)
    desk.opens("deals")
    until_said(browser, "section[data-column=prospecting] [data-deal=keyed] a").send_keys(
        Keys.ALT, Keys.ARROW_RIGHT
    )
    until_said(browser, "section[data-column=engaging] [data-deal=keyed]")
    until_said(browser, ".told", "Engaging")


async def test_a_list_is_narrowed_down_and_can_be_linked(browser: webdriver.Chrome, running: House) -> None:
    await _hire(running, "p-li", "李娜")
    await _open_deal(running, "ours", owner="p-li")
    await _open_deal(running, "theirs", owner="p-zhao")
    desk = Desk(browser, running)
    desk.opens("deals&view=list")
    until_said(browser, "[data-id=theirs]")
    browser.find_element(By.ID, "filter-owner").send_keys("李娜")
    wait_until_gone(browser, "[data-id=theirs]")
    until_said(browser, "[data-id=ours]")
    browser.refresh()
    until_said(browser, "[data-id=ours]")
    assert not browser.find_elements(By.CSS_SELECTOR, "[data-id=theirs]")


async def test_every_page_is_whole_at_every_size_and_for_everybody(
    browser: webdriver.Chrome, company: House
) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    desk = Desk(browser, company)
    places = [*KINDS, *[f"{kind}/{thing}" for kind in FILES if (thing := await _first(company, kind))]]
    for at, place in enumerate(places):
        desk.opens(place, lang=("zh", "en")[at % 2], theme=("dark", "light")[at // 2 % 2])
        assert inaccessible(browser) == [], place
        for size in SIZES if place in LARGE else SIZES[:-2]:
            sized(browser, *size)
            settles(browser, WIDER, OVERLAPS, what=f"{place} at {size}")
            browser.save_screenshot(str(PICTURES / f"desk-{place.replace('/', '-')}-{size[0]}.png"))
    desk.opens("deals")
    desk.starts("deals")
    desk.tries()
    assert inaccessible(browser) == []
    sized(browser, 320, 800)
    settles(browser, WIDER, what="a form at 320")
    nothing_was_complained_of(browser)


async def _first(it: House, kind: str) -> str | None:
    service = {"orders": "orders", "receivables": "orders", "products": "orders"}.get(kind, "customers")
    service = {"handoffs": "coordination", "plans": "performance"}.get(kind, service)
    async with it.client() as client:
        items = (await client.get(f"{it.url(service)}/{kind}")).json()["items"]
    return items[0]["id"] if items else None


def _online(browser: webdriver.Chrome, *, yes: bool) -> None:
    still = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    browser.execute_cdp_cmd("Network.enable", {})
    browser.execute_cdp_cmd("Network.emulateNetworkConditions", {"offline": not yes, **still})


async def _hire(it: House, person: str, name: str) -> None:
    async with it.client() as client:
        team = {"id": "t-east", "name": "华东一组", "department": "sales", "region": "East"}
        joins = {"id": person, "name": name, "team_id": "t-east", "post": "rep", "on": "2026-01-01"}
        for path, body in (("/teams", team), ("/people", joins)):
            (await client.post(it.url("performance") + path, json=body)).raise_for_status()


async def _open_deal(it: House, deal: str, *, owner: str = "p-li") -> None:
    body = {"id": deal, "title": f"Deal {deal}", "owner": owner, "product": "Seats", "line": "Software"}
    await _post(it, "/deals", {**body, "amount": {"minor": 500_00, "currency": "CNY"}})


async def _post(it: House, path: str, body: dict[str, Any]) -> httpx.Response:
    async with it.client() as client:
        return (await client.post(it.url("customers") + path, json=body)).raise_for_status()
