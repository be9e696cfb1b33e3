"""The JSON API: the same answers as the pages, the same rules of who may see what, errors that programs can read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import httpx
import pytest

from ircal.exchange import LARGEST
from ircal.settings import load_settings
from ircal.trial import SheetTrier
from ircal.web import Opened, digest_of
from tests.exchange.conftest import FILE, laid, xlsx
from tests.web.pages.conftest import ASHS_SECRET, Programme, browser_at, coordinator_at, rules_of, serving
from tests.web.pages.desk import CHECKSUM, PaperDesk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ircal.views import Ground
    from tests.exchange.conftest import Desk

TOKEN = "t" * 40
PRIVATE = ("people", "people/ash", "people/ash/agenda", "schedule", "coverage", "check")
OF_COORDINATORS = ("sync/calendars", "sync/runs", "sync/journal", "sync/calendars/all/plan")
PROBLEM = "application/problem+json"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return laid(tmp_path_factory.mktemp("api"))


@pytest.fixture(scope="module")
def desk() -> PaperDesk:
    return PaperDesk()


@pytest.fixture(scope="module")
def site(ground: Ground, folder: Desk, desk: PaperDesk) -> Iterator[str]:
    """The pages with their API, which nobody sees without signing in."""
    programme = Programme(ground, secrets={ASHS_SECRET: Opened("resident-ash", None)})
    rules = replace(rules_of(), api_token_digest=digest_of(TOKEN))
    trier = SheetTrier(load_settings(config=folder.config, state_dir=folder.path / "state"))
    with serving(programme, rules, trier=trier, desk=desk) as url:
        yield f"{url}/api/v1/"


@pytest.fixture
def stranger(site: str) -> Iterator[httpx.Client]:
    with browser_at(site) as client:
        yield client


@pytest.fixture
def program(site: str) -> Iterator[httpx.Client]:
    """A program with the token of the settings."""
    with browser_at(site) as client:
        client.headers["authorization"] = f"Bearer {TOKEN}"
        client.timeout = httpx.Timeout(60)
        yield client


@pytest.fixture
def session(site: str) -> Iterator[httpx.Client]:
    """A script in the browser of somebody who has signed in."""
    with coordinator_at(site) as client:
        yield client


def test_it_says_what_the_pages_show(program: httpx.Client) -> None:
    programme = program.get("programme").json()
    assert (programme["name"], programme["today"], programme["academic_year"]) == (
        "IR Integrated Residency",
        "2026-12-01",
        2026,
    )
    ash = program.get("people/ash").json()
    assert (ash["name"], ash["pgy"], ash["rotation"], ash["calendar"]) == ("Amara Ash", 6, "ir-east", "resident-ash")
    rows = {row["person"]: row for row in program.get("schedule").json()["residents"]}
    assert {"rotation": "icu", "name": "Intensive Care Unit", "site": "west", "color": "firebrick"}.items() <= next(
        each for each in rows["cedar"]["stretches"] if each["first"] == "2026-12-01"
    ).items()
    assert {"kind": "meeting", "first": "2026-11-29", "last": "2026-12-03"} in rows["larch"]["leave"]
    series = {each["id"]: each for each in program.get("conferences").json()["series"]}
    assert series["ir-case-conference"]["meetings"][0]["why"] == ["cancelled by Section chief: Faculty at RSNA"]
    coverage = program.get("coverage").json()
    assert coverage["weeks"][0] == "2026-11-30"
    assert coverage["leave"][0]["weeks"][0][0] == {"person": "larch", "name": "Kofi Larch", "days": "Mon to Thu"}
    assert program.get("check").json() == {
        "ok": True,
        "verdict": "The programme is right.",
        "problems": [],
        "newest": [],
    }


def test_an_agenda_has_the_entries_of_the_own_calendar(program: httpx.Client) -> None:
    agenda = program.get("people/ash/agenda", params={"from": "2026-12-01", "to": "2026-12-01"}).json()
    found = {each["summary"]: each for each in agenda["entries"]}
    assert found["IR East"]["all_day"]
    assert found["Vascular conference"]["start"] == "2026-12-01T12:00:00-05:00"
    assert found["Vascular conference"]["why"]


def test_everybody_is_told_what_is_public_and_nothing_else(stranger: httpx.Client) -> None:
    assert stranger.get("programme").status_code == 200
    assert {each["public"] for each in stranger.get("calendars").json()} == {True}
    conferences = stranger.get("conferences").json()
    assert not conferences["named"]
    assert "mm" not in {each["id"] for each in conferences["series"]}
    assert {each["what"] for series in conferences["series"] for each in series["meetings"]} == {""}
    for path in (*PRIVATE, *OF_COORDINATORS):
        answer = stranger.get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (401, PROBLEM)
        assert answer.headers["www-authenticate"] == 'Bearer realm="ircal"'
    assert stranger.get("people/no-such").status_code == 401


def test_a_persons_secret_opens_their_own_and_nothing_else(stranger: httpx.Client) -> None:
    stranger.headers["authorization"] = f"Bearer {ASHS_SECRET}"
    assert stranger.get("people/ash/agenda").status_code == 200
    assert stranger.get("people/ash").json()["name"] == "Amara Ash"
    for path in ("people", "people/birch", "people/birch/agenda", "people/no-such", "schedule", *OF_COORDINATORS):
        assert stranger.get(path).status_code == 401
    assert stranger.post("sync/resync").status_code == 401


def test_wrong_tokens_open_nothing_and_soon_nobody_listens(ground: Ground) -> None:
    rules = replace(rules_of(), api_token_digest=digest_of(TOKEN), wrong_per_minute=3)
    with serving(Programme(ground), rules) as url, browser_at(f"{url}/api/v1/") as client:
        wrong = {"authorization": f"Bearer {TOKEN[:-1]}"}
        answers = [client.get("people", headers=wrong) for _ in range(4)]
        assert [each.status_code for each in answers] == [401, 401, 401, 429]
        assert int(answers[-1].headers["retry-after"]) > 0
        assert TOKEN[:-1] not in answers[0].text
        assert client.get("people", headers={"authorization": f"Bearer {TOKEN}"}).status_code == 200


def test_where_no_token_is_set_none_is_right(ground: Ground) -> None:
    with serving(Programme(ground), rules_of()) as url, browser_at(f"{url}/api/v1/") as client:
        for token in ("x", "None", "e3b0c44298fc1c149afbf4c8996fb924"):
            assert client.get("people", headers={"authorization": f"Bearer {token}"}).status_code == 401


def test_a_session_writes_only_with_its_form_token(session: httpx.Client, desk: PaperDesk) -> None:
    told = session.get("session").json()
    assert (told["name"], told["signed_in"]) == ("coordinator", True)
    before = len(desk.asked)
    for headers in (
        {},
        {"x-form-token": "made-up"},
        {"x-form-token": told["form_token"], "origin": "https://elsewhere.example"},
    ):
        assert session.post("sync/resync", headers=headers).status_code == 403
    assert len(desk.asked) == before
    answer = session.post("sync/resync", headers={"x-form-token": told["form_token"]})
    assert (answer.status_code, desk.asked[before:]) == (202, [("resync", "", "coordinator")])


def test_a_program_resyncs_looks_at_a_plan_and_applies_it(program: httpx.Client) -> None:
    assert program.post("sync/calendars/ash/resync").json() == {"calendar": "ash"}
    states = {each["id"]: each["state"] for each in program.get("sync/calendars").json()}
    assert states["all"] == "guarded"
    plan = program.get("sync/calendars/all/plan").json()
    assert (plan["checksum"], plan["refused"]) == (CHECKSUM, "120 of 300 events would be removed")
    assert program.post("sync/calendars/all/apply", json={"checksum": "a" * 16}).status_code == 409
    run = program.post("sync/calendars/all/apply", json={"checksum": CHECKSUM}).json()
    assert (run["state"], run["cause"]) == ("done", "applied by api")
    again = program.post("sync/calendars/all/apply", json={"checksum": CHECKSUM})
    assert (again.status_code, again.json()["remedy"]) == (409, "Look at what would be done now.")
    assert program.get("sync/runs", params={"calendar": "all"}).json()[0]["state"] == "refused"
    assert program.get("sync/journal", params={"limit": 1}).json()[0]["outcome"] == "done"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("people/no-such", 404),
        ("people/ash/agenda?from=2026-12-02&to=2026-12-01", 422),
        ("people/ash/agenda?from=2020-01-01&to=2026-12-01", 422),
        ("conferences?from=yesterday", 422),
        ("schedule?year=1", 422),
        ("sync/runs?limit=0", 422),
        ("sync/calendars/no-such/plan", 404),
        ("no-such", 404),
        ("docs", 404),
    ],
)
def test_what_cannot_be_answered_is_a_problem(program: httpx.Client, path: str, status: int) -> None:
    answer = program.get(path)
    problem = answer.json()
    assert (answer.status_code, answer.headers["content-type"], problem["status"]) == (status, PROBLEM, status)
    assert problem["title"]


def test_what_is_the_same_is_not_sent_again_and_not_kept_for_others(
    program: httpx.Client, stranger: httpx.Client
) -> None:
    for path in ("programme", "schedule", "conferences", "people/ash/agenda"):
        answer = program.get(path)
        known = {"if-none-match": answer.headers["etag"]}
        again = program.get(path, headers=known)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", answer.headers["etag"])
        assert answer.headers["cache-control"] == "private, no-cache"
        assert stranger.get(path, headers=known).status_code in {200, 401}
    assert program.get("conferences?from=2026-12-02", headers=known).status_code == 200


def test_a_sheet_is_tried_out_and_written_nowhere(program: httpx.Client, folder: Desk) -> None:
    before = (folder.config / FILE).read_bytes()
    rows = xlsx(["Resident", 1, 2], ["Amara Ash", "ICU", "W"])
    tried = program.post("preview", files={"file": ("rota.xlsx", rows)}, data={"year": "2026"}).json()
    assert tried["heading"] == "sheet 'Sheet1' of rota.xlsx: 2026-27 by blocks, 1 resident."
    assert tried["schedule"][0]["people"] == [{"id": "ash", "name": "Amara Ash"}]
    assert tried["schedule"][0]["lines"][0] == "Mon 29 Jun 2026 to Sun 26 Jul 2026: ir-west -> icu"
    wrong = program.post(
        "preview", files={"file": ("rota.xlsx", xlsx(["Resident", 1], ["Nobody", "W"]))}, data={"year": "2026"}
    )
    assert (wrong.status_code, wrong.headers["content-type"]) == (422, PROBLEM)
    assert wrong.json()["problems"][0]["file"] == "rota.xlsx, Sheet1!A2"
    assert program.post("preview", files={"file": ("a.xlsx", b"PK\x03\x04 no")}).status_code == 415
    large = program.post("preview", files={"file": ("a.csv", b"x" * (LARGEST + (64 << 10)))})
    assert (large.status_code, large.headers["content-type"]) == (413, PROBLEM)
    assert (folder.config / FILE).read_bytes() == before


def test_a_fault_of_ours_is_told_without_its_trace(ground: Ground, caplog: pytest.LogCaptureFixture) -> None:
    programme = Programme(ground, broken=RuntimeError("in the cellar"))
    with serving(programme, rules_of()) as url:
        answer = httpx.get(f"{url}/api/v1/programme", trust_env=False)
    assert (answer.status_code, answer.headers["content-type"]) == (500, PROBLEM)
    assert "cellar" not in answer.text
    assert "cellar" in caplog.text
