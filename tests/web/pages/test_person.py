"""A person's page: by private link and by id, what is on it, and whom it is not shown to."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

import httpx
import pytest

from ircal.web.pages.qr import qr_code
from tests.web.pages.conftest import ASHS_SECRET, CLASS_SECRET, Programme, browser_at, serving

if TYPE_CHECKING:
    from ircal.web.pages import PageRules

FEED = f"http://127.0.0.1/feeds/{ASHS_SECRET}.ics"


def text_of(page: httpx.Response) -> str:
    """What stands on a page, as one line."""
    inside = re.sub(r"<(script|style).*?</\1>", "", page.text, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", inside)).split())


def test_it_says_what_is_now_and_next(site: str) -> None:
    told = text_of(httpx.get(f"{site}/my/{ASHS_SECRET}", trust_env=False))
    assert "Amara Ash PGY-6, class of 2027" in told
    assert "IR East at East Campus, 07:00-17:00 until Sun 6 Dec 2026" in told
    assert "Today, 12:00\u201313:00 Vascular conference Vascular Laboratory, East Campus" in told
    assert "Then IR External at IR Clinic from Mon 7 Dec 2026" in told


def test_it_has_the_days_with_room_link_and_presenter(site: str) -> None:
    page = httpx.get(f"{site}/people/elm", trust_env=False)
    told = text_of(page)
    assert "13:00\u201314:00 IR didactics: Gastric varices and BRTO (Dr. Hugh Yarrow) Join" in told
    assert 'href="https://meet.example.org/ir-didactics"' in page.text
    assert "IR Conference Room, 3rd floor, West Campus" in told
    assert "17:00\u201318:00 Cancelled: IR case conference" in told
    assert "Protected time: clinical duties are covered." in told
    assert "You: required" not in told
    later = text_of(httpx.get(f"{site}/people/elm?from=2026-12-15", trust_env=False))
    assert "Quality Improvement (M&M) conference (Rafael Elm presenting) you present" in later
    assert "to 13 Dec" not in later


def test_it_says_what_they_present_and_how_far_they_are(site: str) -> None:
    told = text_of(httpx.get(f"{site}/people/elm", trust_env=False))
    assert "Next presentations Wed 16 Dec 2026 , 17:00: Quality Improvement (M&M) conference" in told
    assert "Peds IR 8 of 8 weeks ✓" in told
    oak = text_of(httpx.get(f"{site}/people/oak", trust_env=False))
    assert "IR 8 of 96 weeks" in oak


def test_a_month_has_every_day_of_its_weeks(site: str) -> None:
    page = httpx.get(f"{site}/people/elm?view=month&at=2026-12-01", trust_env=False)
    days = re.findall(r'href="/people/elm\?from=([\d-]+)">\d', page.text)
    assert (days[0], days[-1], len(days)) == ("2026-11-30", "2027-01-03", 35)


def test_why_has_the_engines_own_explanation(site: str) -> None:
    page = httpx.get(f"{site}/my/{ASHS_SECRET}/on/2026-12-01", trust_env=False)
    told = text_of(page)
    assert "Vascular conference: every Tuesday, 12:00-13:00. conferences.yaml:" in told
    assert "It is for PGY-2 to PGY-4; Amara Ash is at PGY-6 (since Wed 1 Jul 2026)." in told
    agenda = httpx.get(f"{site}/my/{ASHS_SECRET}", trust_env=False).text
    anchors = re.findall(rf'href="/my/{ASHS_SECRET}/on/2026-12-01#([^"]+)"', agenda)
    assert anchors
    assert set(anchors) == set(re.findall(r'<li class="card" id="([^"]+)"', page.text))


def test_who_teaches_has_a_page_without_a_feed(site: str) -> None:
    told = text_of(httpx.get(f"{site}/people/yarrow", trust_env=False))
    assert "Dr. Hugh Yarrow Program Director, IR Residency" in told
    assert "There is no calendar of this person to subscribe to." in told
    assert httpx.get(f"{site}/people/yarrow/on/2026-12-02", trust_env=False).status_code == 200


# ------------------------------------------------------------------------------------------------------------ subscribe
def test_each_program_gets_the_address_in_its_own_way(site: str) -> None:
    page = httpx.get(f"{site}/my/{ASHS_SECRET}", trust_env=False)
    ways = [unescape(each) for each in re.findall(r'<a class="button" href="([^"]+)" rel="noreferrer">', page.text)]
    apple, google, outlook = ways
    assert apple == FEED.replace("http://", "webcal://")
    assert unquote(google) == f"https://calendar.google.com/calendar/r?cid={apple}"
    assert urlsplit(outlook).netloc == "outlook.office.com"
    assert parse_qs(urlsplit(outlook).query) == {"url": [FEED], "name": ["IR: Amara Ash"]}
    assert f'value="{FEED}"' in page.text
    assert str(qr_code(f"http://127.0.0.1/my/{ASHS_SECRET}")) in page.text
    told = text_of(page)
    assert "Google looks again every 4 to 24 hours" in told
    assert "Last changed Fri 15 May 2026, 09:00. Last fetched Tue 1 Dec 2026, 06:05." in told


def test_the_secret_is_nobody_elses(site: str) -> None:
    page = httpx.get(f"{site}/people/ash", trust_env=False)
    assert ASHS_SECRET not in page.text
    assert "webcal:" not in page.text
    assert "is a secret of Amara Ash" in text_of(page)


def test_where_feeds_are_served_by_id_so_is_their_address(programme: Programme, rules: PageRules) -> None:
    with serving(programme, replace(rules, open_to_all=True, feeds_by_id=True)) as url:
        page = httpx.get(f"{url}/people/ash", trust_env=False)
    assert "webcal://127.0.0.1/feeds/resident-ash.ics" in page.text


def test_a_link_to_another_calendar_says_how_to_subscribe(site: str) -> None:
    page = httpx.get(f"{site}/my/{CLASS_SECRET}", trust_env=False)
    assert "IR class of 2031" in text_of(page)
    assert f"webcal://127.0.0.1/feeds/{CLASS_SECRET}.ics" in page.text
    assert httpx.get(f"{site}/my/{CLASS_SECRET}/on/2026-12-01", trust_env=False).status_code == 404


# ------------------------------------------------------------------------------------------------------------- refusals
def test_by_id_one_must_sign_in_whether_there_is_such_a_person_or_not(client: httpx.Client) -> None:
    answers = [client.get(f"/people/{name}?from=2026-12-03") for name in ("ash", "nobody")]
    assert [each.status_code for each in answers] == [303, 303]
    assert answers[0].headers["location"] == "/sign-in?next=%2Fpeople%2Fash%3Ffrom%3D2026-12-03"
    assert answers[1].headers["location"] == answers[0].headers["location"].replace("ash", "nobody")


def test_a_private_link_opens_its_page_and_no_other(client: httpx.Client) -> None:
    page = client.get(f"/my/{ASHS_SECRET}")
    assert page.status_code == 200
    assert "/people/" not in page.text
    assert client.get("/people/birch").status_code == 303
    assert "Tomasz Birch" not in client.get("/").text


def test_a_link_that_was_revoked_is_as_if_it_had_never_been(programme: Programme, client: httpx.Client) -> None:
    assert client.get(f"/my/{ASHS_SECRET}").status_code == 200
    programme.secrets.clear()
    revoked, unknown = client.get(f"/my/{ASHS_SECRET}"), client.get("/my/Never-Was_0123456789abcdefghijklm")
    assert revoked.status_code == 404
    assert revoked.content == unknown.content


def test_who_tries_many_links_is_told_to_wait_and_right_ones_are_opened(programme: Programme, rules: PageRules) -> None:
    with serving(programme, replace(rules, wrong_per_minute=3)) as url, browser_at(url) as client:
        statuses = [client.get(f"/my/guess-{number}").status_code for number in range(5)]
        assert statuses == [404, 404, 404, 429, 429]
        assert client.get(f"/my/{ASHS_SECRET}").status_code == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/people/nobody", 404),
        ("/people/nobody/on/2026-12-01", 404),
        ("/people/ash/on/yesterday", 404),
        ("/people/ash/on/1999-12-01", 404),
        ("/people/ash?from=tomorrow", 400),
        ("/people/ash?from=9999-12-31", 400),
        ("/people/ash?from=0001-01-01", 400),
        ("/people/ash?view=month&at=9999-12-31", 400),
        ("/people/ash?from=1999-01-01", 200),
        ("/people/%3Cscript%3E", 404),
        ("/rotations/nothing", 404),
    ],
)
def test_what_is_not_there_is_told_plainly(site: str, path: str, status: int) -> None:
    page = httpx.get(f"{site}{path}", trust_env=False)
    assert page.status_code == status
    assert "<script>" not in page.text


def test_a_rotation_says_who_is_there(site: str) -> None:
    told = text_of(httpx.get(f"{site}/rotations/icu", trust_env=False))
    assert "Intensive Care Unit" in told
    assert "Tue 1 Dec 2026 Thu 31 Dec 2026 Linh Cedar now" in told
