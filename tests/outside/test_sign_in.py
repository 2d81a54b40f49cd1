"""People and systems who sign in at a real OpenID provider (Keycloak), and a Baton that has no other."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final

import httpx
import pytest
import pytest_asyncio
from selenium import webdriver
from selenium.webdriver.common.by import By

from tests.e2e.pages import until_said, until_true
from tests.house import House, house
from tests.outside.keycloak import realm
from tests.outside.keycloak.running import Keycloak, distribution
from tests.ports import free_ports
from tests.waiting import until

ROLES: Final = "crm-manager=manager,crm-sales=sales,erp-system=system"
KEPT: Final = """
const [user] = Object.keys(sessionStorage).filter((key) => key.startsWith("oidc.user:"));
return user ? JSON.parse(sessionStorage.getItem(user)).access_token : null;
"""
RENEWED: Final = KEPT.replace("return user ?", "return user && arguments[0] !==").replace(" : null", "")

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(900)]


@dataclass(frozen=True)
class Company:
    provider: Keycloak
    baton: House

    def page(self, path: str) -> str:
        return self.baton.url("performance") + path

    async def opens_a_deal(self, token: str, deal: str) -> httpx.Response:
        body = {"id": deal, "title": deal, "owner": "p1", "product": "Seats", "line": "Software"}
        amount = {"minor": 500_00, "currency": "CNY"}
        async with httpx.AsyncClient(headers={"Authorization": f"Bearer {token}"}) as client:
            return await client.post(self.baton.url("customers") + "/deals", json={**body, "amount": amount})


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def company(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Company]:
    there = tmp_path_factory.mktemp("sign-in")
    provider = Keycloak(distribution(), there / "keycloak.log")
    provider.launch()
    port = free_ports(11)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("OIDC_ISSUER", provider.issuer)
            patch.setenv("OIDC_CLIENT_ID", realm.PAGES)
            patch.setenv("OIDC_ID_CLAIM", "preferred_username")
            patch.setenv("OIDC_ROLE_CLAIM", "realm_access.roles")
            patch.setenv("OIDC_ROLES", ROLES)
            patch.setenv("WALLBOARD_TOKEN", "false")
            async with house(there / "data", port=port) as it:
                await provider.is_ready_for(it.url("performance"))
                yield Company(provider, it)
    finally:
        provider.stop()


def _signs_in(browser: webdriver.Chrome, name: str) -> None:
    until_said(browser, "#door-why")
    browser.find_element(By.CSS_SELECTOR, "main button.main").click()
    until_said(browser, "#kc-login")
    browser.find_element(By.ID, "username").send_keys(name)
    browser.find_element(By.ID, "password").send_keys(realm.PASSWORD)
    browser.find_element(By.ID, "kc-login").click()


async def test_a_salesperson_signs_in_works_and_signs_out(
    browser: webdriver.Chrome, company: Company
) -> None:
    erp = await company.provider.token(realm.ERP, realm.ERP_SECRET)
    assert (await company.opens_a_deal(erp, "big-one")).status_code == 201
    await asyncio.to_thread(_works, browser, company)


def _works(browser: webdriver.Chrome, company: Company) -> None:
    browser.get(company.page("/desk/?at=deals/big-one&lang=zh"))
    until_said(browser, "#door-why", "请先登录")
    _signs_in(browser, "wang-wei")
    until_said(browser, ".who", "wang-wei · sales")
    until_said(browser, ".file-head h2", "big-one")
    assert browser.current_url == company.page("/desk/?at=deals/big-one&lang=zh")

    until_said(browser, ".file [data-step=win]").click()
    until_said(browser, "dialog[open] button.main").click()
    until_said(browser, ".file-head [data-state=won]")
    until_said(browser, "[data-event='deal-won.v1']", "wang-wei")

    until_true(browser, RENEWED, browser.execute_script(KEPT))
    browser.refresh()
    until_said(browser, ".file-head [data-state=won]")

    browser.get(company.page("/?board=sales&lang=zh"))
    until_said(browser, "main[data-board=sales]")
    until_said(browser, ".state button", "退出").click()
    until_said(browser, "#door-why")
    assert browser.execute_script(KEPT) is None
    browser.get(company.page("/desk/?lang=en"))
    until_said(browser, "#door-why", "Please sign in.")
    _signs_in(browser, "li-na")
    until_said(browser, ".who", "li-na · manager")


async def test_who_has_no_role_here_is_told_so_and_may_be_somebody_else(
    browser: webdriver.Chrome, company: Company
) -> None:
    def tried() -> None:
        browser.get(company.page("/desk/?lang=zh"))
        _signs_in(browser, "guest")
        until_said(browser, "#door-why[data-trouble=no-post]", "还没有角色")
        until_said(browser, "main button.main", "退出").click()
        until_said(browser, "#door-why[data-trouble='']")
        _signs_in(browser, "wang-wei")
        until_said(browser, ".who", "wang-wei · sales")

    await asyncio.to_thread(tried)


async def test_a_sign_in_that_was_given_up_is_no_dead_end(
    browser: webdriver.Chrome, company: Company
) -> None:
    def tried() -> None:
        browser.get(company.page("/desk/?error=access_denied&state=made-up"))
        until_said(browser, "#door-why[data-trouble=denied]")
        assert browser.current_url == company.page("/desk/")
        _signs_in(browser, "wang-wei")
        until_said(browser, ".who", "wang-wei · sales")

    await asyncio.to_thread(tried)


async def test_a_system_asks_with_client_credentials(company: Company) -> None:
    erp = await company.provider.token(realm.ERP, realm.ERP_SECRET)
    assert await _is(company, erp) == {"id": "service-account-erp", "role": "system", "department": None}
    for_others = await company.provider.token("canteen", realm.ERP_SECRET)
    assert (await company.opens_a_deal(for_others, "not-for-us")).status_code == 401


async def test_a_key_that_the_provider_has_just_made_is_known_soon(company: Company) -> None:
    before = await company.provider.token(realm.ERP, realm.ERP_SECRET)
    assert (await company.opens_a_deal(before, "before")).status_code == 201
    await company.provider.signs_with_another_key()
    after = await company.provider.token(realm.ERP, realm.ERP_SECRET)

    async def is_taken() -> bool:
        return (await company.opens_a_deal(after, "after")).status_code == 201

    await until(is_taken, what="a token by the new key is taken")
    assert (await company.opens_a_deal(before, "before-still")).status_code == 201


async def test_who_is_signed_in_works_on_while_the_provider_is_down(
    browser: webdriver.Chrome, company: Company
) -> None:
    erp = await company.provider.token(realm.ERP, realm.ERP_SECRET)
    assert (await company.opens_a_deal(erp, "while-up")).status_code == 201
    company.provider.stop()
    assert (await company.opens_a_deal(erp, "while-down")).status_code == 201

    def stranger() -> None:
        browser.get(company.page("/desk/?lang=zh"))
        until_said(browser, "#door-why", "请先登录")
        browser.find_element(By.CSS_SELECTOR, "main button.main").click()
        until_said(browser, "#door-why[data-trouble=away]", "暂时没有响应")

    await asyncio.to_thread(stranger)


async def _is(company: Company, token: str) -> Any:
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {token}"}) as client:
        return (await client.get(company.page("/me"))).raise_for_status().json()
