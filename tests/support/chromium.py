"""A headless Chromium for tests of pages, where Debian's chromium and chromium-driver are installed."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from selenium import webdriver

_CHROMIUM, _DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
_OPTIONS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars")


def needs_chromium() -> pytest.MarkDecorator:
    """Skips a test with the reason, where there is no browser."""
    missing = not (_CHROMIUM and _DRIVER)
    return pytest.mark.skipif(missing, reason="install Debian's chromium and chromium-driver to run browser tests")


@contextmanager
def chromium(*, scripts: bool = True) -> Iterator[webdriver.Chrome]:
    """A browser; without `scripts` it is one that knows no JavaScript."""
    options = webdriver.ChromeOptions()
    options.binary_location = str(_CHROMIUM)
    for option in _OPTIONS:
        options.add_argument(option)
    if not scripts:
        options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
    browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(str(_DRIVER)))
    try:
        browser.set_page_load_timeout(30)
        yield browser
    finally:
        browser.quit()
