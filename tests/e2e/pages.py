"""What is waited for on a page."""

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait


def wait_for(browser: webdriver.Chrome, kpi: str, value: str) -> None:
    number = (By.CSS_SELECTOR, f'[data-kpi="{kpi}"] [data-value]')

    def shows(chrome: webdriver.Chrome) -> bool:
        found = chrome.find_elements(*number)
        return bool(found) and found[0].get_attribute("data-value") == value

    WebDriverWait(browser, 20, poll_frequency=0.05).until(shows, f"{kpi} never showed {value}")


def wait_until_gone(browser: webdriver.Chrome, selector: str) -> None:
    WebDriverWait(browser, 20, poll_frequency=0.05).until_not(
        lambda chrome: chrome.find_elements(By.CSS_SELECTOR, selector), f"{selector} never went"
    )


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
