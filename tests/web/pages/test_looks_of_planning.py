"""Conferences, coverage, check, preview and sync in a real browser: for everybody, and pressed as coordinators do."""

from __future__ import annotations

import gzip
import re
import time
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from ircal.settings import load_settings
from ircal.trial import SheetTrier
from tests.exchange.conftest import laid, xlsx
from tests.service.place import Place, placed
from tests.web.pages.browser import DESK, PHONE, window
from tests.web.pages.conftest import HASHED, Programme, coordinator_at, rules_of, serving
from tests.web.pages.desk import PaperDesk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from ircal.views import Ground

PATHS = (
    "/conferences",
    "/conferences/ir-didactics",
    "/conferences/mm",
    "/coverage",
    "/check",
    "/preview",
    "/sync",
    "/sync/calendars/all",
)
SIZES = ((PHONE, "dark"), (DESK, "light"), (PHONE, "light"), (DESK, "dark"))
LOOKS = [(path, *SIZES[number % len(SIZES)]) for number, path in enumerate(PATHS)]


@pytest.fixture(scope="module")
def planning(ground: Ground, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The pages of the example, with a desk on paper."""
    folder = laid(tmp_path_factory.mktemp("planning"))
    trier = SheetTrier(load_settings(config=folder.config, state_dir=folder.path / "state"))
    desk = PaperDesk()
    with serving(Programme(ground), rules_of(), trier=trier, desk=desk) as url:
        yield url
        desk.stopping = True


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A whole service, with the sandbox in Google's place."""
    with placed(tmp_path_factory.mktemp("place"), password_hash=HASHED, session_secret="s" * 32) as made:
        yield made


def enter(page: Page, url: str) -> None:
    """Be signed in."""
    with coordinator_at(url) as client:
        page.context.add_cookies([{"name": "ircal", "value": client.cookies["ircal"], "url": url}])


@pytest.mark.parametrize(("path", "size", "scheme"), LOOKS)
def test_a_page_is_for_everybody(browser: Browser, planning: str, path: str, size: dict[str, int], scheme: str) -> None:
    with window(browser, planning, size, scheme) as opened:
        enter(opened.page, planning)
        assert opened.page.goto(path)
        assert opened.overflow <= 0
        assert opened.violations() == []
        assert opened.complaints == []


def test_every_page_is_small_and_quick(planning: str) -> None:
    """The time is that of this process, in which server and client are, so that a busy machine does not count."""
    with coordinator_at(planning) as client:
        for path in PATHS:
            first = client.get(path)  # works out what is kept
            began = time.process_time()
            for _ in range(5):
                client.get(path)
            assert (time.process_time() - began) / 5 < 0.05, path
            assert len(gzip.compress(first.content)) < 50_000


def test_coverage_is_reached_and_scrolled_by_keyboard(browser: Browser, planning: str) -> None:
    with window(browser, planning, PHONE) as opened:
        enter(opened.page, planning)
        opened.page.goto("/coverage")
        region = opened.page.get_by_role("region", name="This week and the next twelve")
        region.focus()
        opened.page.keyboard.press("ArrowRight")
        expect(region).not_to_have_js_property("scrollLeft", 0)
        expect(region.get_by_role("rowheader", name="IR West")).to_be_in_viewport(ratio=1)


def test_a_sheet_is_tried_out(browser: Browser, planning: str, tmp_path: Path) -> None:
    sheet = tmp_path / "rota.xlsx"
    sheet.write_bytes(xlsx(["Resident", 1, 2], ["Amara Ash", "ICU", "W"]))
    with window(browser, planning, PHONE) as opened:
        enter(opened.page, planning)
        page = opened.page
        page.goto("/check")
        page.get_by_role("link", name="Try a sheet out").click()
        page.get_by_label("Sheet (.xlsx or .csv").set_input_files(sheet)
        page.get_by_text("If the workbook has several sheets").click()
        page.get_by_label("Year in which").fill("2026")
        page.get_by_role("button", name="Show what it would change").click()
        expect(page.get_by_text("Mon 29 Jun 2026 to Sun 26 Jul 2026: ir-west -> icu")).to_be_visible()
        assert opened.violations() == []
        assert opened.overflow <= 0
        sheet.write_bytes(xlsx(["Resident", 1], ["Nobody", "W"]))
        page.get_by_label("Sheet (.xlsx or .csv").set_input_files(sheet)
        page.get_by_role("button", name="Show what it would change").click()
        expect(page.get_by_role("alert")).to_contain_text("rota.xlsx, Sheet1!A2")
        assert opened.violations() == []


@pytest.mark.parametrize("script", [True, False])
def test_a_resync_puts_right_what_was_deleted_by_hand(browser: Browser, place: Place, script: bool) -> None:
    place.have(30)
    place.settled("ash", "in step")
    with window(browser, place.server.url, script=script) as opened:
        page = opened.page
        enter(page, place.server.url)
        page.goto("/sync/calendars/ash")
        there = place.there()
        place.delete_one()
        page.get_by_text("Compare and mend this calendar").click()
        page.get_by_role("button", name="Resync Robin Ash").click()
        expect(page.get_by_role("status").filter(has_text="Asked for.")).to_be_visible()
        place.until(lambda: place.there() == there)
        assert opened.complaints == []


def test_what_happens_is_followed_without_a_hand(browser: Browser, place: Place) -> None:
    place.have(30)
    place.settled("ash", "in step")
    with window(browser, place.server.url) as opened:
        enter(opened.page, place.server.url)
        opened.page.goto("/sync")
        expect(opened.page.get_by_text("Live: this page follows what happens.")).to_be_visible()
        expect(opened.page.get_by_role("row", name=re.compile("Robin Ash In step"))).to_be_visible()
        place.have(5)
        place.settled("ash", "guarded")
        guarded = opened.page.get_by_role("row", name=re.compile("Robin Ash Guarded.*25 of"))
        expect(guarded).to_be_visible(timeout=20_000)
        assert opened.complaints == []


def test_a_guarded_plan_is_read_and_applied_once(browser: Browser, place: Place) -> None:
    place.have(30)
    place.settled("ash", "in step")
    there = place.there()
    place.have(5)
    place.settled("ash", "guarded")
    with window(browser, place.server.url, PHONE) as opened, window(browser, place.server.url) as late:
        for each in (opened, late):
            enter(each.page, place.server.url)
            each.page.goto("/sync/calendars/ash")
            each.page.get_by_text("Apply it all the same").click()
            each.page.get_by_label("I have read the plan").check()
        assert opened.violations() == []
        assert place.there() == there
        opened.page.get_by_role("button", name="Apply this plan").click()
        expect(opened.page.get_by_role("status").filter(has_text="The plan was applied.")).to_be_visible(timeout=20_000)
        assert place.there() == there - 25
        late.page.get_by_role("button", name="Apply this plan").click()
        expect(late.page.get_by_role("alert")).to_contain_text("another one than the one you agreed to", timeout=20_000)
        assert place.there() == there - 25
