"""What holds for every page: headers, errors for people, style sheets under their hash."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import httpx
import pytest

from ircal.errors import Problem
from ircal.model.place import Place
from tests.web.pages.conftest import ASHS_SECRET, PASSWORD, Programme, browser_at, serving
from tests.web.pages.forms import sign_in

if TYPE_CHECKING:
    from ircal.web.pages import PageRules


@pytest.mark.parametrize("path", ["/", "/sign-in", "/no-such-page", "/people/ash"])
def test_no_page_lets_anything_in_or_out(client: httpx.Client, path: str) -> None:
    headers = client.get(path).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert (policy["script-src"], policy["style-src"], policy["frame-ancestors"]) == ("'self'", "'self'", "'none'")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert headers["x-robots-tag"] == "noindex"


def test_style_and_script_are_kept_for_a_year_under_their_hash(client: httpx.Client) -> None:
    page = client.get("/").text
    for address in re.findall(r'(?:href|src)="(/assets/[^"]+)"', page):
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert re.search(r"-[0-9a-f]{16}\.(css|js|svg)$", address)
    assert client.get("/assets/ircal-0123456789abcdef.css").status_code == 404


def test_nothing_stands_in_a_page_that_the_policy_forbids(client: httpx.Client) -> None:
    sign_in(client, PASSWORD)
    for path in ("/", "/sign-in", "/no-such-page"):
        page = client.get(path).text
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?! src)|javascript:|//(?!127)", page)


def test_what_is_not_there_is_told_to_people(client: httpx.Client) -> None:
    answer = client.get("/no-such-page")
    assert (answer.status_code, "There is no such page" in answer.text) == (404, True)
    assert client.request("DELETE", "/").status_code == 405


def test_feeds_stay_what_they_are(client: httpx.Client) -> None:
    for path in ("/feeds/none.ics", "/public/none.ics", "/feeds/a/b"):
        answer = client.get(path)
        assert (answer.status_code, answer.text) == (404, "Not found.\n")
    assert client.get("/healthz").json()["status"] == "ok"


def test_a_fault_is_told_without_its_trace_and_logged_without_the_address(
    programme: Programme, rules: PageRules, caplog: pytest.LogCaptureFixture
) -> None:
    programme.broken = RuntimeError(f"at /my/{ASHS_SECRET}")
    with caplog.at_level(logging.INFO, logger="ircal"), serving(programme, rules) as url:
        answer = httpx.get(f"{url}/?{ASHS_SECRET}", trust_env=False)
    assert (answer.status_code, "RuntimeError" in answer.text) == (500, False)
    assert "RuntimeError" in caplog.text
    assert ASHS_SECRET not in caplog.text


def test_without_a_programme_a_page_asks_to_wait(rules: PageRules) -> None:
    with serving(Programme(None), replace(rules, open_to_all=True)) as url:
        answer = httpx.get(url, trust_env=False)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")


def test_coordinators_are_told_that_the_newest_configuration_is_not_in_force(
    programme: Programme, rules: PageRules
) -> None:
    programme.problems = (Problem("unknown-person", "nobody is called that", Place("blocks/2026-27.csv", 3)),)
    with serving(programme, rules) as url, browser_at(url) as client:
        assert "not in force" not in client.get("/").text
        sign_in(client, PASSWORD)
        assert "it has 1 problem." in client.get("/").text


def test_the_log_has_no_address(programme: Programme, rules: PageRules, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="ircal.web.access"), serving(programme, rules) as url:
        httpx.get(f"{url}/my/{ASHS_SECRET}", trust_env=False)
        httpx.get(f"{url}/?secret=in-the-query", trust_env=False)
    lines = [record.getMessage() for record in caplog.records if record.name == "ircal.web.access"]
    assert [line.split()[0] for line in lines] == ["GET", "GET"]
    assert "Secret" not in caplog.text
    assert "in-the-query" not in caplog.text
