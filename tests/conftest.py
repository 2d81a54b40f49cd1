"""A real browser, and properties that are about what is true and not about how fast it is found out."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

hypothesis.settings.register_profile("truth", deadline=None)
hypothesis.settings.load_profile("truth")

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
