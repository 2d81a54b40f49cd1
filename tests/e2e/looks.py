"""How a page looks: its size, what overlaps or sticks out, and who could not read it."""

from typing import Any, Final

import pytest
from selenium import webdriver
from selenium.common.exceptions import TimeoutException
from selenium.webdriver.support.ui import WebDriverWait

from tests.house import ROOT

SIZES: Final = ((320, 800), (820, 1180), (1366, 768), (1920, 1080), (3840, 2160))
PICTURES: Final = ROOT / "build" / "screenshots"
AXE: Final = ROOT / "wallboard" / "node_modules" / "axe-core" / "axe.min.js"

OVERLAPS: Final = """
const parts = [...document.querySelectorAll('.tile, .panel, .header, .past')];
const boxes = parts.map((e) => [e, e.getBoundingClientRect()]);
return boxes.flatMap(([a, p], at) => boxes.slice(at + 1).filter(([b, q]) => !a.contains(b) &&
  p.left < q.right - 1 && q.left < p.right - 1 && p.top < q.bottom - 1 && q.top < p.bottom - 1)
  .map(([b]) => a.className + ' over ' + b.className));
"""
WIDER: Final = """
return [...document.querySelectorAll('body, body *')].filter((e) => !e.closest('.unseen, .scroll, svg') &&
  e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .map((e) => 'too wide: ' + e.className);
"""
SCROLLS: Final = """
const scrolls = (e) => ['auto', 'scroll'].includes(getComputedStyle(e).overflowY);
return [...document.querySelectorAll('*')].filter((e) => scrolls(e) && e.scrollHeight > e.clientHeight + 1)
  .map((e) => e.className)
  .concat(document.documentElement.scrollHeight > innerHeight ? ['the page'] : []);
"""
BROKEN: Final = """
const done = arguments[arguments.length - 1];
axe.run({ resultTypes: ['violations'] }).then(({ violations }) => done(violations
  .filter(({ impact }) => ['serious', 'critical'].includes(impact))
  .map(({ id, nodes }) => id + ': ' + nodes.slice(0, 3).map(({ target }) => target.join(' ')).join(', '))));
"""


def sized(browser: webdriver.Chrome, width: int, height: int) -> None:
    """The page's own room, which no window's frame makes smaller."""
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


def settles(browser: webdriver.Chrome, *faults: str, what: str) -> None:
    """A page that was made larger or smaller has found its place, and then has none of these faults."""
    found: list[str] = []

    def settled(chrome: webdriver.Chrome) -> bool:
        found[:] = [one for fault in faults for one in chrome.execute_script(fault)]
        return not found

    try:
        WebDriverWait(browser, 5, poll_frequency=0.1).until(settled)
    except TimeoutException:
        pytest.fail(f"{what}: {found[:5]}")


def inaccessible(browser: webdriver.Chrome) -> Any:
    browser.execute_script(AXE.read_text())
    return browser.execute_async_script(BROKEN)


def nothing_was_complained_of(browser: webdriver.Chrome) -> None:
    said = browser.get_log("browser")  # type: ignore[no-untyped-call]
    assert [line for line in said if line["level"] == "SEVERE"] == []
