"""The pages in a real browser: for everybody, at every size and light, by keyboard, without a script, on paper."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, expect

from tests.web.pages.browser import DESK, PHONE, window
from tests.web.pages.conftest import ASHS_SECRET, CLASS_SECRET, PASSWORD, Programme, rules_of, serving

if TYPE_CHECKING:
    from ircal.views import Ground

PAGES = [
    ("/", PHONE, "light"),
    ("/?zoom=block&rotation=ir-west", DESK, "dark"),
    ("/?zoom=week", PHONE, "dark"),
    ("/people/ash", DESK, "light"),
    ("/people/elm?view=month", PHONE, "light"),
    (f"/my/{ASHS_SECRET}", PHONE, "dark"),
    (f"/my/{CLASS_SECRET}", PHONE, "light"),
    ("/people/ash/on/2026-12-01", PHONE, "light"),
    ("/people/yarrow", PHONE, "light"),
    ("/rotations/external", PHONE, "dark"),
    ("/sign-in", PHONE, "light"),
    ("/no-such-page", PHONE, "dark"),
]


@pytest.mark.parametrize(("path", "size", "scheme"), PAGES)
def test_a_page_is_for_everybody(browser: Browser, site: str, path: str, size: dict[str, int], scheme: str) -> None:
    with window(browser, site, size, scheme) as opened:
        opened.page.goto(path)
        assert opened.overflow <= 0
        assert opened.violations() == []
        assert [each for each in opened.complaints if "404" not in each] == []


def test_marks_can_be_read_on_any_colour(browser: Browser, disturbed: Ground) -> None:
    with serving(Programme(disturbed), replace(rules_of(), open_to_all=True)) as url, window(browser, url) as opened:
        opened.page.goto("/?zoom=block")
        expect(opened.page.locator("td.r .mark").first).to_be_visible()
        assert opened.violations() == []


def test_what_strangers_see_is_for_everybody_too(browser: Browser, programme: Programme) -> None:
    with serving(programme, rules_of()) as url, window(browser, url, PHONE, "dark") as opened:
        opened.page.goto("/")
        expect(opened.page.get_by_role("link", name="Google for IR didactics")).to_be_visible()
        assert opened.overflow <= 0
        assert opened.violations() == []


def test_a_phone_begins_where_today_is(browser: Browser, site: str) -> None:
    with window(browser, site, PHONE) as opened:
        opened.page.goto("/")
        expect(opened.page.get_by_role("columnheader", name="30 (today)")).to_be_in_viewport(ratio=1)


def test_by_keyboard_one_skips_to_the_content_and_moves_through_the_year(browser: Browser, site: str) -> None:
    with window(browser, site) as opened:
        page = opened.page
        page.goto("/?at=2027-08-01")
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_be_focused()
        scroller = page.get_by_role("region", name="Schedule, 2027-28")
        while not scroller.evaluate("each => each === document.activeElement"):
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.tagName") != "BODY"
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_a_filter_takes_effect_when_it_is_chosen(browser: Browser, site: str) -> None:
    with window(browser, site) as opened:
        opened.page.goto("/")
        opened.page.get_by_label("Class").select_option(label="Class of 2028")
        expect(opened.page.get_by_role("rowheader", name="Amara Ash")).to_have_count(0)
        expect(opened.page.get_by_role("rowheader", name="Linh Cedar")).to_be_visible()
        assert opened.page.url == f"{site}/?class=2028&site=&rotation="


def test_without_a_script_everything_is_there(browser: Browser, site: str) -> None:
    with window(browser, site, script=False) as opened:
        opened.page.goto("/")
        opened.page.get_by_label("Site").select_option(label="East Campus")
        opened.page.get_by_role("button", name="Show").click()
        expect(opened.page.get_by_role("rowheader", name="Joaquin Oak")).to_be_visible()
        opened.page.goto(f"/my/{ASHS_SECRET}")
        expect(opened.page.get_by_role("button", name="Copy")).to_be_hidden()
        expect(opened.page.get_by_label("Any other program")).to_have_value(re.compile(rf"/feeds/{ASHS_SECRET}\.ics$"))


def test_from_the_schedule_one_comes_to_people_and_rotations(browser: Browser, site: str) -> None:
    with window(browser, site) as opened:
        opened.page.goto("/")
        opened.page.get_by_role("cell", name="E IR East").first.click()
        expect(opened.page.get_by_role("heading", level=1)).to_have_text("E IR East")
        opened.page.get_by_role("link", name="Amara Ash").first.click()
        expect(opened.page.get_by_role("heading", level=1)).to_contain_text("Amara Ash")
        opened.page.get_by_role("link", name="Why is this here? Vascular conference").click()
        why = opened.page.locator("li.card:target")
        expect(why).to_contain_text("It is for those on IR East or Vascular Surgery; Amara Ash is on IR East")


def test_the_address_is_copied(browser: Browser, site: str) -> None:
    with window(browser, site) as opened:
        opened.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        opened.page.goto(f"/my/{ASHS_SECRET}")
        opened.page.get_by_role("button", name="Copy").click()
        expect(opened.page.get_by_text("Copied.")).to_be_visible()
        copied = opened.page.evaluate("navigator.clipboard.readText()")
        assert copied == f"http://127.0.0.1/feeds/{ASHS_SECRET}.ics"


def test_the_year_prints_on_one_sheet_of_a3(browser: Browser, site: str) -> None:
    with window(browser, site) as opened:
        opened.page.goto("/")
        opened.page.emulate_media(media="print")
        assert not opened.page.get_by_role("navigation").first.is_visible()
        assert not opened.page.get_by_label("Class").is_visible()
        sheets = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", opened.page.pdf(prefer_css_page_size=True))
        assert [(round(float(width)), round(float(height))) for width, height in sheets] == [(1191, 842)]


def test_one_signs_in_and_out_and_stays_where_one_was_going(browser: Browser, programme: Programme) -> None:
    with serving(programme, rules_of()) as url, window(browser, url, PHONE) as opened:
        page = opened.page
        page.goto("/people/ash")
        page.get_by_label("Password").fill("not the password")
        page.get_by_label("Password").press("Enter")
        expect(page.get_by_role("alert")).to_have_text("That is not the password.")
        expect(page.get_by_label("Password")).to_have_accessible_description("That is not the password.")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Amara Ash")
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("link", name="Sign in")).to_be_visible()
        page.go_back()
        page.reload()
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
        assert [each for each in opened.complaints if "403" not in each] == []
