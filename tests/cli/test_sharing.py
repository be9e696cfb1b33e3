"""Whom Google calendars are shared with, by the programme: told by `plan`, done by `sync`, and nobody is mailed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import CALENDAR, edit

if TYPE_CHECKING:
    from pathlib import Path

    from ircal.google.sandbox import SandboxServer
    from tests.cli.conftest import Ircal

CHIEF = "{role: reader, user: Chief@example.edu}"
EVERYBODY = "{role: freeBusyReader, domain: example.edu}"


def share(small: Path, *entries: str) -> None:
    edit(small, f"google: {CALENDAR}", f"google: {CALENDAR}, share: [{', '.join(entries)}]")


def roles(server: SandboxServer) -> dict[str, str]:
    with server.world.lock:
        return {name: rule["role"] for name, rule in server.world.calendar(CALENDAR).rules.items()}


def test_plan_tells_and_sync_does_and_nobody_is_mailed(ircal: Ircal, sandbox: SandboxServer, small: Path) -> None:
    ircal("sync")
    share(small, CHIEF, EVERYBODY)
    told = ircal("plan")
    assert told.code == 2
    assert "  + share with user chief@example.edu as reader\n" in told.out
    plan = json.loads(ircal("plan", "--format", "json").out)
    assert (plan["pending"], plan["plans"][0]["changes"], len(plan["plans"][0]["shares"])) == (True, [], 2)
    assert roles(sandbox) == {"user:owner@example.org": "owner"}
    done = ircal("sync")
    assert done.code == 0
    assert "Robin Ash: share with domain example.edu as freeBusyReader\n" in done.out
    assert roles(sandbox) == {
        "user:owner@example.org": "owner",
        "user:chief@example.edu": "reader",
        "domain:example.edu": "freeBusyReader",
    }
    assert not any(notice.mailed for notice in sandbox.world.notices)
    assert ircal("plan").code == 0


@pytest.mark.usefixtures("sandbox")
def test_a_calendar_that_cannot_be_asked_is_told_once(ircal: Ircal, small: Path) -> None:
    share(small, CHIEF)
    edit(small, CALENDAR, "nobody@example.org")
    told = ircal("sync")
    assert told.code == 4
    assert told.err.count("There is no such calendar") == 1


def test_a_role_that_is_another_is_changed_and_what_is_shared_by_hand_stays(
    ircal: Ircal, sandbox: SandboxServer, small: Path
) -> None:
    share(small, CHIEF, "{role: reader, user: owner@example.org}")
    with sandbox.world.lock:
        for role, whom in (("writer", "chief@example.edu"), ("reader", "friend@example.com")):
            sandbox.world.insert_rule(CALENDAR, {"role": role, "scope": {"type": "user", "value": whom}})
        sandbox.world.notices.clear()
    assert "share with user chief@example.edu as reader (was writer)" in ircal("plan").out
    assert ircal("sync").code == 0
    assert roles(sandbox) == {
        "user:owner@example.org": "owner",
        "user:chief@example.edu": "reader",
        "user:friend@example.com": "reader",
    }
    assert [notice.mailed for notice in sandbox.world.notices] == [False]


def test_the_checksum_is_that_of_the_sharing_too(ircal: Ircal, sandbox: SandboxServer, small: Path) -> None:
    before = ircal("plan").out.split()[-1]
    share(small, CHIEF)
    assert ircal("sync", "--checksum", before).code == 3
    assert ircal("sync", "--checksum", ircal("plan").out.split()[-1]).code == 0
    assert len(roles(sandbox)) == 2


def test_without_a_word_of_it_nobody_asks_whom_calendars_are_shared_with(ircal: Ircal, sandbox: SandboxServer) -> None:
    ircal("plan")
    ircal("sync")
    assert not [entry for entry in sandbox.ledger.entries() if entry.path.endswith("/acl")]


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("{role: owner, user: a@example.edu}", "role"),
        ("{role: reader}", "is for one `user`, one `group` or one `domain`"),
        ("{role: reader, user: a@example.edu, domain: example.edu}", "is for one `user`"),
        ("{role: reader, user: chief}", "is not an e-mail address"),
        ("{role: reader, domain: chief@example.edu}", "is not a domain"),
        (f"{CHIEF}, {CHIEF}", "names somebody twice"),
    ],
)
def test_what_cannot_be_shared(ircal: Ircal, small: Path, entry: str, said: str) -> None:
    share(small, entry)
    told = ircal("check", "--config", str(small))
    assert told.code == 1
    assert said in told.out + told.err


def test_what_is_in_no_google_calendar_cannot_be_shared(ircal: Ircal, small: Path) -> None:
    edit(small, f"google: {CALENDAR}", f"share: [{CHIEF}]")
    told = ircal("check", "--config", str(small))
    assert told.code == 1
    assert "say which with `google`" in told.out + told.err


def test_a_template_shares_those_of_its_calendars_that_are_in_google(
    ircal: Ircal, sandbox: SandboxServer, small: Path
) -> None:
    edit(
        small,
        f"  ash: {{name: Robin Ash, kind: resident, of: ash, google: {CALENDAR}}}",
        f"  each: {{each: resident, google: {{ash: {CALENDAR}}}, share: [{CHIEF}]}}\n  sites: {{each: site}}",
    )
    assert ircal("sync").code == 0
    assert "user:chief@example.edu" in roles(sandbox)
