"""`token`: issue, rotate, list, revoke."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.conftest import edit

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Ircal, Told

LINK = re.compile(r"http://127\.0\.0\.1:8080/feeds/[A-Za-z0-9_-]{32}\.ics\n")


@pytest.fixture(autouse=True)
def programme(small: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every command here is about the small programme."""
    monkeypatch.setenv("IRCAL_CONFIG", str(small))
    return small


def issue(ircal: Ircal, *arguments: str) -> str:
    told = ircal("token", "issue", "--calendar", *arguments)
    assert told.code == 0
    assert LINK.fullmatch(told.out)
    return told.out.strip()


def listed(ircal: Ircal) -> list[dict[str, Any]]:
    told = ircal("token", "list", "--format", "json")
    assert (told.code, told.err) == (0, "")
    return [json.loads(line) for line in told.out.splitlines()]


def states(ircal: Ircal) -> list[str]:
    return [each["state"] for each in listed(ircal)]


def said(told: Told) -> tuple[int, str, str]:
    return told.code, told.out, told.err


def test_a_link_is_for_the_person_whose_calendar_it_is(ircal: Ircal) -> None:
    issue(ircal, "ash")
    [token] = listed(ircal)
    assert re.fullmatch("[0-9a-f]{10}", token["id"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", token["issued"])
    assert {key: token[key] for key in token if key not in {"id", "issued"}} == {
        "calendar": "ash",
        "person": "ash",
        "last_used": None,
        "expires": "2031-07-31T04:00:00+00:00",  # 30 days after graduation, by the programme's clock
        "revoked": None,
        "state": "live",
    }


def test_a_link_may_be_for_somebody_else_or_for_nobody_in_particular(ircal: Ircal) -> None:
    issue(ircal, "rounds", "--for", "ash")
    told = ircal("token", "issue", "--calendar", "rounds")
    assert told.err == "For nobody in particular: it does not end.\n"
    assert {(each["calendar"], each["person"]) for each in listed(ircal)} == {("rounds", "ash"), ("rounds", "")}


def test_a_person_has_one_link_for_a_calendar(ircal: Ircal) -> None:
    issue(ircal, "ash")
    [token] = listed(ircal)
    name = token["id"]
    message = f"ash has a link to the calendar ash already; its id is {name}.\n"
    advice = f"To replace it: `ircal token rotate {name}`.\n"
    assert said(ircal("token", "issue", "--calendar", "ash", "--for", "ash")) == (1, "", message + advice)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("ahs",), "There is no calendar 'ahs'.\nDid you mean ash?\n"),
        (("ash", "--for", "ahs"), "There is no person 'ahs'.\nDid you mean ash?\n"),
        (
            ("ash", "--for", "zoe"),
            "There is no person 'zoe'.\nThe section `people` of the programme has them.\n",
        ),
    ],
)
def test_a_name_that_is_not_known_is_told_with_the_closest(
    ircal: Ircal, arguments: tuple[str, ...], message: str
) -> None:
    assert said(ircal("token", "issue", "--calendar", *arguments)) == (1, "", message)
    assert listed(ircal) == []


def test_a_rotated_link_is_another_and_the_old_one_is_revoked(ircal: Ircal) -> None:
    old = issue(ircal, "ash")
    told = ircal("token", "rotate", listed(ircal)[0]["id"])
    assert LINK.fullmatch(told.out)
    assert told.out.strip() != old
    assert told.err == "The old one opens nothing any more.\n"
    assert sorted(states(ircal)) == ["live", "revoked"]


def test_a_rotated_link_may_have_a_grace(ircal: Ircal) -> None:
    issue(ircal, "ash")
    told = ircal("token", "rotate", listed(ircal)[0]["id"], "--grace", "7d")
    assert told.code == 0
    assert re.fullmatch(r"The old one works until \d{4}-\d\d-\d\d \d\d:\d\dZ\.\n", told.err)
    assert states(ircal) == ["live", "live"]
    assert len({each["expires"] for each in listed(ircal)}) == 2


@pytest.mark.parametrize("grace", ["7", "a week", "-7d", "7w", "99999d"])
def test_a_grace_that_is_no_stretch_of_time_is_a_wrong_command_line(ircal: Ircal, grace: str) -> None:
    told = ircal("token", "rotate", "3f9c2a1b04", f"--grace={grace}")
    assert (told.code, told.out) == (64, "")
    assert "write it as 7d, 12h or 30m" in told.err


def test_a_link_is_revoked_by_its_id_or_by_itself(ircal: Ircal) -> None:
    issue(ircal, "ash")
    assert said(ircal("token", "revoke", listed(ircal)[0]["id"])) == (
        0,
        "",
        "Revoked. Whoever subscribed to it gets no more of the calendar.\n",
    )
    assert ircal("token", "revoke", issue(ircal, "ash")).code == 0
    assert states(ircal) == ["revoked", "revoked"]


@pytest.mark.parametrize("command", ["rotate", "revoke"])
def test_what_is_not_in_use_is_said_without_repeating_a_secret(ircal: Ircal, command: str) -> None:
    link = issue(ircal, "ash")
    ircal("token", "revoke", link)
    advice = "`ircal token list` shows them.\n"
    assert said(ircal("token", command, "3f9c2a1b04")) == (
        1,
        "",
        f"No link with the id '3f9c2a1b04' is in use.\n{advice}",
    )
    assert said(ircal("token", command, link)) == (1, "", f"No such link is in use.\n{advice}")


def test_the_links_of_those_who_left_are_listed_as_expired(ircal: Ircal, programme: Path) -> None:
    issue(ircal, "ash")
    edit(programme, "entered: 2026-07-01", "entered: 2020-07-01, left: 2020-08-01")
    (programme / "blocks" / "2026-27.csv").unlink()
    assert [(each["state"], each["expires"]) for each in listed(ircal)] == [("expired", "2020-08-31T04:00:00+00:00")]


def test_the_list_does_without_a_programme_that_is_wrong(ircal: Ircal, programme: Path) -> None:
    issue(ircal, "ash")
    edit(programme, "site: west, short", "site: wets, short")
    told = ircal("token", "list", "--format", "json")
    assert told.code == 0
    assert json.loads(told.out)["expires"] is None
    assert told.err.endswith("So it is not known here whose links end because they leave.\n")


def test_the_table_names_all_but_the_secret(ircal: Ircal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    link = issue(ircal, "ash")
    told = ircal("token", "list")
    assert told.code == 0
    head, row = told.out.splitlines()
    assert head.split() == ["Id", "Calendar", "For", "Issued", "Last", "used", "Ends", "State"]
    assert row.split()[1:3] == ["ash", "ash"]
    assert row.split()[-3:] == ["2031-07-31", "04:00Z", "live"]
    assert link.rpartition("/")[2].removesuffix(".ics") not in told.out


def test_a_link_has_the_address_that_people_reach(ircal: Ircal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IRCAL_HTTP__HOST", "0.0.0.0")  # noqa: S104 it is only written down
    assert "IRCAL_HTTP__PUBLIC_URL" in ircal("token", "issue", "--calendar", "rounds").err
    monkeypatch.setenv("IRCAL_HTTP__PUBLIC_URL", "https://calendars.example.edu/")
    told = ircal("token", "issue", "--calendar", "rounds")
    assert told.out.startswith("https://calendars.example.edu/feeds/")
    assert "IRCAL_HTTP__PUBLIC_URL" not in told.err
