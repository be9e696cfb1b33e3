"""Conferences, coverage and check: what they show, and to whom."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING

import pytest

from ircal.errors import Problem
from ircal.model.place import Place
from tests.web.pages.conftest import Programme, browser_at, coordinator_at, rules_of, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

    from ircal.views import Ground
    from ircal.web.pages import PageRules


def text_of(page: httpx.Response) -> str:
    """The words of a page, with single spaces."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


@pytest.fixture(scope="module")
def pages(ground: Ground) -> Iterator[str]:
    """The pages, which nobody sees without signing in."""
    with serving(Programme(ground), rules_of()) as url:
        yield url


@pytest.fixture
def stranger(pages: str) -> Iterator[httpx.Client]:
    with browser_at(pages) as client:
        yield client


@pytest.fixture
def coordinator(pages: str) -> Iterator[httpx.Client]:
    with coordinator_at(pages) as client:
        yield client


def test_conferences_tell_topic_presenter_and_what_is_not_as_usual(coordinator: httpx.Client) -> None:
    told = text_of(coordinator.get("/conferences"))
    assert "Cancelled Thu 3 Dec 2026, 17:00: IR case conference . Cancelled by Section chief: Faculty at RSNA." in told
    assert "Biliary drainage 1: benign disease (Dr. Owen Bracken)" in told
    assert "Tomasz Birch presents" in told
    assert "Not held on 25 Dec (Christmas Day)" in told


@pytest.mark.parametrize(("weeks", "last"), [("1", "7 Dec"), ("13", "1 Mar"), ("9999", "28 Dec"), ("x", "28 Dec")])
def test_conferences_are_shown_for_as_long_as_asked(coordinator: httpx.Client, weeks: str, last: str) -> None:
    told = text_of(coordinator.get("/conferences", params={"weeks": weeks}))
    assert re.search(rf"Tue 1 Dec 2026 to \w+ {last} 202\d", told)


def test_one_series_has_a_page_with_its_public_address(coordinator: httpx.Client) -> None:
    page = coordinator.get("/conferences/ir-didactics")
    told = text_of(page)
    assert "When Every Wednesday, 13:00-14:00 Where IR Conference Room, 3rd floor, West Campus" in told
    assert 'href="webcal://127.0.0.1/public/conference-ir-didactics.ics"' in page.text
    assert "QR code of this calendar" in page.text


def test_a_private_series_has_no_public_address(coordinator: httpx.Client) -> None:
    page = coordinator.get("/conferences/mm")
    assert page.status_code == 200
    assert "/public/" not in page.text
    assert "ircal token issue --calendar conference-mm" in text_of(page)


@pytest.mark.parametrize("series", ["no-such", "..%2f..", "mm'--", "%00"])
def test_an_unknown_series_is_not_there(coordinator: httpx.Client, series: str) -> None:
    assert coordinator.get(f"/conferences/{series}").status_code == 404


def test_everybody_sees_public_series_without_a_name(stranger: httpx.Client, ground: Ground) -> None:
    page = stranger.get("/conferences")
    told = text_of(page)
    assert page.status_code == 200
    assert "Vascular conference" in told
    assert "Quality Improvement" not in told
    assert "Faculty at RSNA" not in told
    names = [person.name for person in ground.program.people.values()]
    assert not [name for name in names if name in told]
    assert "Gastric varices" not in told
    assert stranger.get("/conferences/ir-didactics").status_code == 200
    assert stranger.get("/conferences/mm").status_code == 404


def test_coverage_says_who_is_where(coordinator: httpx.Client) -> None:
    told = text_of(coordinator.get("/coverage"))
    assert "This week, from Mon 30 Nov 2026" in told
    assert "Intensive Care Unit Linh Cedar (Tue to Fri)" in told
    assert "On leave Meeting Kofi Larch (Mon to Thu)" in told
    assert "Every entry of the section checks is kept in these weeks." in told
    assert "Spread least evenly" in told


@pytest.mark.parametrize("path", ["/coverage", "/check"])
def test_strangers_are_asked_to_sign_in(stranger: httpx.Client, path: str) -> None:
    answer = stranger.get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-in?next=%2F{path[1:]}")


def test_check_tells_the_verdict_and_the_plan_at_a_glance(coordinator: httpx.Client) -> None:
    told = text_of(coordinator.get("/check"))
    assert "The programme is right." in told
    assert "IR West 1-2 1 3 105 1" in told


def test_check_tells_every_problem_of_the_newest_configuration_with_its_place(ground: Ground, rules: PageRules) -> None:
    problem = Problem(
        "unknown-person", "there is no 'asch'", Place("leave/2026-27.csv", 12, "person"), "did you mean 'ash'?"
    )
    warning = replace(problem, code="coverage-low", message="West: nobody <b>", severity="warning")
    made = replace(ground, problems=(warning,))
    with serving(Programme(made, (problem,)), replace(rules, open_to_all=True)) as url, browser_at(url) as client:
        page = client.get("/check")
    told = text_of(page)
    assert (
        "leave/2026-27.csv Error line 12, column person: There is no 'asch' unknown-person Did you mean 'ash'?" in told
    )
    assert "The programme is right, with 1 problem to look at." in told
    assert "<b>" not in page.text.replace("<body", "")
