"""The boards as a browser shows them, and what is waited for there."""

from typing import Final

import pytest
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException, TimeoutException
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

BOARDS: Final = (
    *("company", "sales", "funnel", "delivery", "complaints", "handoffs", "targets", "forecast"),
)

BUSY: Final = "[aria-busy=true], .loading, .chart-place:empty"
LEFT: Final = """
return [...document.querySelectorAll(arguments[0])].map((e) => e.outerHTML.slice(0, 150))
  .concat([...document.querySelectorAll('.problem')].map((e) => e.textContent));
"""


def opened(browser: webdriver.Chrome, url: str, **asked: str) -> None:
    """The board with this in its address, once everything on it is answered and drawn."""
    query = "&".join(f"{name}={value.replace('+', '%2B')}" for name, value in asked.items())
    browser.get(f"{url}/?{query}")
    until_said(browser, f"main[data-board={asked['board']}]")
    wait_until_gone(browser, BUSY)


def wait_for(browser: webdriver.Chrome, kpi: str, value: str) -> None:
    number = (By.CSS_SELECTOR, f'[data-kpi="{kpi}"] [data-value]')

    def shows(chrome: webdriver.Chrome) -> bool:
        found = chrome.find_elements(*number)
        return bool(found) and found[0].get_attribute("data-value") == value

    WebDriverWait(browser, 20, poll_frequency=0.05).until(shows, f"{kpi} never showed {value}")


def until_true(browser: webdriver.Chrome, script: str, *about: str) -> None:
    """Unlike an element that is looked for, the answer of a script keeps nothing of the page in memory."""
    waiting = WebDriverWait(browser, 20, poll_frequency=0.05)
    waiting.until(lambda chrome: chrome.execute_script(script, *about), f"{script} {about}")


def wait_until_gone(browser: webdriver.Chrome, selector: str) -> None:
    try:
        until_true(browser, "return document.querySelector(arguments[0]) === null", selector)
    except TimeoutException:
        left = browser.execute_script(LEFT, selector)
        pytest.fail(f"never went: {left} at {browser.current_url}")


def until_said(browser: webdriver.Chrome, selector: str, text: str = "") -> WebElement:
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
