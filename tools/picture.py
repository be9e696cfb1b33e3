"""Draw the pages of the example for the README, as they look on one morning: docs/images/*.png."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import sync_playwright

from ircal.web import Opened
from tests.web.pages.browser import SWITCHES, window
from tests.web.pages.conftest import ASHS_SECRET, Programme, ground_of_example, rules_of, serving
from tools import chromium

IMAGES = Path(__file__).parents[1] / "docs" / "images"
ADDRESS = "https://calendars.example.edu"
FETCHED = datetime(2026, 12, 1, 11, 5, tzinfo=UTC)
PICTURES = (
    ("page-schedule.png", "/", {"width": 1440, "height": 830}),
    ("page-person.png", f"/my/{ASHS_SECRET}", {"width": 390, "height": 844}),
)


def main() -> None:
    """Draw them."""
    programme = Programme(ground_of_example(), secrets={ASHS_SECRET: Opened("resident-ash", FETCHED)})
    rules = replace(rules_of(), base_url=ADDRESS, password_hash="")
    with ExitStack() as stack:
        open_to_all = stack.enter_context(serving(programme, replace(rules, open_to_all=True)))
        private = stack.enter_context(serving(programme, rules))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=SWITCHES)
        stack.callback(browser.close)
        for name, path, size in PICTURES:
            with window(browser, open_to_all if path == "/" else private, size) as opened:
                opened.page.goto(path)
                opened.page.screenshot(path=IMAGES / name)
            print(f"docs/images/{name}")


if __name__ == "__main__":
    main()
