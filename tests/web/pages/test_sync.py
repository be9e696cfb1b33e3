"""The sync pages over a desk on paper: what they show, who may press what, and what comes too late."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ircal.errors import StoreError, Unreachable
from tests.web.pages.conftest import Programme, browser_at, coordinator_at, rules_of, serving
from tests.web.pages.desk import CHECKSUM, PaperDesk
from tests.web.pages.forms import token_on
from tests.web.pages.test_planning import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

    from ircal.views import Ground


@pytest.fixture
def desk() -> PaperDesk:
    return PaperDesk()


@pytest.fixture
def site(ground: Ground, desk: PaperDesk) -> Iterator[str]:
    with serving(Programme(ground), rules_of(), desk=desk) as url:
        yield url
    desk.stopping = True


@pytest.fixture
def client(site: str) -> Iterator[httpx.Client]:
    with coordinator_at(site) as made:
        yield made


def send(client: httpx.Client, path: str, page: str = "/sync", **fields: str) -> httpx.Response:
    """Send a form of a page."""
    return client.post(path, data={"form_token": token_on(client.get(page)), **fields})


def test_every_calendar_is_there_with_its_state_and_why(client: httpx.Client) -> None:
    page = client.get("/sync")
    told = text_of(page)
    assert "IR: Amara Ash In step 1 Dec, 10:17 1 Dec, 10:17 3 created, 1 deleted 3.5 s 6" in told
    assert "Everything Guarded 120 of 300 events would be removed" in told
    assert "Pending since 1 Dec, 10:17 : the programme was changed; Google told of a change" in told
    assert "The programme was changed; Resync, on this page, by hazel" in told
    for state in ("Running", "Quarantined", "Failing", "Circuit open", "Unknown"):
        assert state in told
    assert "Created Talk done" in told
    assert "<Nkechi>" not in page.text


def test_a_guarded_plan_stands_in_words_with_a_way_to_agree(client: httpx.Client) -> None:
    page = client.get("/sync/calendars/all")
    told = text_of(page)
    assert "1 to add, 0 to change, 1 to remove" in told
    assert "- 2026-12-04 17:00-18:00 Boards <script>" in told
    assert "The guard refuses this: 120 of 300 events would be removed" in told
    assert f'name="checksum" value="{CHECKSUM}"' in page.text
    assert "Boards <script>" not in page.text


def test_what_the_guard_lets_pass_needs_nobody_to_agree(client: httpx.Client) -> None:
    page = client.get("/sync/calendars/ash")
    assert "everything is as it should be: 70 events" in text_of(page)
    assert 'name="checksum"' not in page.text


def test_resync_is_asked_for_once_and_by_whom_is_known(client: httpx.Client, desk: PaperDesk) -> None:
    answer = send(client, "/sync/calendars/ash/resync")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sync/calendars/ash?asked=1")
    assert "Asked for." in text_of(client.get(answer.headers["location"]))
    answer = send(client, "/sync")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sync?asked=all")
    assert desk.asked == [("resync", "ash", "coordinator"), ("resync", "", "coordinator")]


def test_a_plan_that_was_read_is_applied(client: httpx.Client, desk: PaperDesk) -> None:
    answer = send(client, "/sync/calendars/all/apply", checksum=CHECKSUM, read="yes")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sync/calendars/all?run=a3")
    assert "The plan was applied." in text_of(client.get(answer.headers["location"]))
    assert desk.asked == [("apply", "all", CHECKSUM, "coordinator")]


def test_a_second_coordinator_is_told_that_another_was_quicker_and_nothing_is_done_twice(
    site: str, desk: PaperDesk
) -> None:
    with coordinator_at(site) as one, coordinator_at(site) as other:
        forms = {each: token_on(each.get("/sync/calendars/all")) for each in (one, other)}
        answers = [
            each.post("/sync/calendars/all/apply", data={"form_token": token, "checksum": CHECKSUM, "read": "yes"})
            for each, token in forms.items()
        ]
    assert [each.status_code for each in answers] == [303, 409]
    told = text_of(answers[1])
    assert "The plan is another one than the one you agreed to." in told
    assert "What would be done now stands below." in told
    assert len(desk.asked) == 1


@pytest.mark.parametrize(
    ("path", "fields", "status"),
    [
        ("/sync/calendars/all/apply", {"checksum": CHECKSUM}, 400),
        ("/sync/calendars/all/apply", {"checksum": "x' --", "read": "yes"}, 409),
        ("/sync/calendars/all/apply", {"read": "yes"}, 409),
        ("/sync/calendars/no-such/apply", {"checksum": CHECKSUM, "read": "yes"}, 404),
        ("/sync/calendars/no-such/resync", {}, 404),
    ],
)
def test_what_cannot_be_meant_is_refused(
    client: httpx.Client, desk: PaperDesk, path: str, fields: dict[str, str], status: int
) -> None:
    answer = send(client, path, **fields)
    assert answer.status_code == status
    assert "<h1" in answer.text
    assert desk.asked == []


def test_a_google_that_does_not_answer_is_told(client: httpx.Client, desk: PaperDesk) -> None:
    desk.broken = Unreachable("Google does not answer.", "Try again in a while.")
    told = text_of(client.get("/sync/calendars/all"))
    assert "What would be done now Google does not answer. Try again in a while." in told
    answer = send(client, "/sync/calendars/all/apply", checksum=CHECKSUM, read="yes")
    assert (answer.status_code, desk.asked) == (502, [])


def test_a_store_that_is_away_is_told(client: httpx.Client, desk: PaperDesk) -> None:
    desk.away = StoreError("The database does not answer.", "See that it runs.")
    answer = client.get("/sync")
    assert answer.status_code == 503
    assert "The database does not answer. See that it runs." in text_of(answer)


@pytest.mark.parametrize("path", ["/sync", "/sync/calendars/ash/resync", "/sync/calendars/all/apply"])
def test_nobody_else_may_press_anything(site: str, client: httpx.Client, desk: PaperDesk, path: str) -> None:
    with browser_at(site) as stranger:
        assert stranger.post(path, data={"checksum": CHECKSUM, "read": "yes"}).status_code == 403
        assert stranger.get("/sync").status_code == 303
        assert stranger.get("/sync/events").status_code == 403
    fields = {"form_token": "made-up", "checksum": CHECKSUM, "read": "yes"}
    assert client.post(path, data=fields).status_code == 403
    assert desk.asked == []


def test_whoever_listens_is_told_of_each_change_and_let_go_at_the_end(client: httpx.Client, desk: PaperDesk) -> None:
    with client.stream("GET", "/sync/events") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        lines = (line for line in stream.iter_lines() if line.startswith("data:"))
        assert next(lines) == "data: 0"
        desk.marks = 7
        assert next(lines) == "data: 7"
        desk.stopping = True
        assert list(lines) == []


def test_without_google_calendars_there_is_no_such_page(ground: Ground) -> None:
    with serving(Programme(ground), rules_of()) as url, coordinator_at(url) as client:
        assert client.get("/sync").status_code == 404
        assert ">Sync<" not in client.get("/").text
