"""`plan` and `sync` from the command line, against the sandbox over HTTP."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING

import pytest

from ircal.google.sandbox.query import Query
from tests.cli.conftest import CALENDAR, edit

if TYPE_CHECKING:
    from pathlib import Path

    from ircal.google.sandbox import SandboxServer
    from tests.cli.conftest import Ircal


def titles(server: SandboxServer) -> list[str]:
    with server.world.lock:
        return sorted(event["summary"] for event in server.world.list_events(CALENDAR, Query())["items"])


def test_plan_tells_and_sync_does_and_then_there_is_nothing_to_do(ircal: Ircal, sandbox: SandboxServer) -> None:
    before = ircal("plan")
    assert before.code == 2
    assert "Rounds" in before.out
    assert titles(sandbox) == []
    done = ircal("sync")
    assert (done.code, done.out) == (0, "Robin Ash: 3 created, 0 updated, 0 deleted\n")
    assert titles(sandbox) == ["IR West", "Rounds", "Rounds"]
    after = ircal("plan")
    assert after.code == 0
    assert "as it should be" in after.out
    assert ircal("sync").out == "Robin Ash: nothing to do, 3 events are as they should be\n"


def test_the_plan_as_json_has_the_checksum_that_sync_takes(ircal: Ircal, sandbox: SandboxServer, small: Path) -> None:
    plan = json.loads(ircal("plan", "--format", "json").out)
    assert (plan["pending"], [each["calendar"] for each in plan["plans"]]) == (True, ["ash"])
    edit(small, "07:00-07:30", "07:00-07:45")
    refused = ircal("sync", "--checksum", plan["checksum"])
    assert refused.code == 3
    assert titles(sandbox) == []
    edit(small, "07:00-07:45", "07:00-07:30")
    assert ircal("sync", "--checksum", plan["checksum"]).code == 0


def test_the_plan_ends_with_the_checksum_that_sync_takes(ircal: Ircal, sandbox: SandboxServer) -> None:
    told = ircal("plan")
    label, checksum = told.out.splitlines()[-1].split()
    assert (label, told.err) == ("Checksum:", "")
    assert checksum == json.loads(ircal("plan", "--format", "json").out)["checksum"]
    assert ircal("sync", "--checksum", checksum).code == 0
    assert len(titles(sandbox)) == 3


def test_a_dangerous_plan_is_refused_with_its_numbers_and_the_flag(
    ircal: Ircal, sandbox: SandboxServer, small: Path
) -> None:
    ircal("sync")
    edit(small, "of: ash, google", "of: ash, contents: [leave], google")
    refused = ircal("sync")
    assert refused.code == 3
    assert "all 3 events would be removed" in refused.err
    assert "--allow-large-changes" in refused.err
    assert len(titles(sandbox)) == 3
    assert ircal("sync", "--allow-large-changes").code == 0
    assert titles(sandbox) == []


def test_a_plan_tells_beforehand_what_would_be_refused(ircal: Ircal, sandbox: SandboxServer, small: Path) -> None:
    ircal("sync")
    edit(small, "of: ash, google", "of: ash, contents: [leave], google")
    told = ircal("plan")
    assert told.code == 2
    assert "`ircal sync` would refuse this:\nRobin Ash (ash): all 3 events would be removed" in told.err


def test_the_thresholds_of_the_guard_are_settings(
    ircal: Ircal, sandbox: SandboxServer, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ircal("sync")
    edit(small, "07:00-07:30", "07:15-07:45")
    monkeypatch.setenv("IRCAL_GUARD__MAX_EVENTS", "1")
    refused = ircal("sync")
    assert refused.code == 3
    assert "2 of 3 events would be moved (at most 1 may be)" in refused.err
    assert ircal("sync", "--allow-large-changes").code == 0


def test_a_plan_in_markdown(ircal: Ircal, sandbox: SandboxServer) -> None:
    told = ircal("plan", "--format", "markdown")
    lines = told.out.splitlines()
    assert (told.code, lines[0], lines[4]) == (2, "## Robin Ash (ash)", "### 2026-07-01")
    assert lines[-1] == f"Checksum: `{json.loads(ircal('plan', '--format', 'json').out)['checksum']}`"


def test_a_calendar_that_google_does_not_know_is_named(ircal: Ircal, sandbox: SandboxServer, small: Path) -> None:
    edit(small, CALENDAR, "nobody@example.org")
    told = ircal("sync")
    assert told.code == 4
    assert "Robin Ash (ash): There is no such calendar" in told.err


def test_one_calendar_that_is_gone_does_not_keep_the_others_from_being_right(
    ircal: Ircal, sandbox: SandboxServer, small: Path
) -> None:
    edit(small, "of: rounds, public", "of: rounds, google: nobody@example.org, public")
    told = ircal("sync")
    assert told.code == 5
    assert "Rounds (rounds): There is no such calendar" in told.err
    assert titles(sandbox) == ["IR West", "Rounds", "Rounds"]


def test_a_plan_of_which_a_part_cannot_be_told_is_no_plan(ircal: Ircal, sandbox: SandboxServer, small: Path) -> None:
    edit(small, "of: rounds, public", "of: rounds, google: nobody@example.org, public")
    text, told = ircal("plan"), ircal("plan", "--format", "json")
    assert (text.code, told.code) == (5, 5)
    assert "Robin Ash (ash): 3 to add" in text.out
    assert "Rounds (rounds): could not be read\n" in text.out
    assert "Checksum" not in text.out + text.err
    plan = json.loads(told.out)
    assert (plan["pending"], plan["checksum"], [each["calendar"] for each in plan["plans"]]) == (True, None, ["ash"])
    (error,) = plan["errors"]
    assert (error["calendar"], error["name"]) == ("rounds", "Rounds")
    assert error["message"].startswith("There is no such calendar")
    refused = ircal("sync", "--checksum", "0" * 16)
    assert refused.code == 4
    assert "Rounds (rounds): There is no such calendar" in refused.err
    assert titles(sandbox) == []


def test_a_plan_that_cannot_be_told_does_not_look_like_nothing_to_do(
    ircal: Ircal, sandbox: SandboxServer, small: Path
) -> None:
    edit(small, CALENDAR, "nobody@example.org")
    told = ircal("plan", "--format", "json")
    plan = json.loads(told.out)
    assert (told.code, plan["pending"], plan["checksum"], plan["plans"]) == (4, None, None, [])
    text = ircal("plan")
    assert (text.code, text.out) == (4, "Robin Ash (ash): could not be read\n\n")


def test_a_plan_of_nothing_to_do_has_its_checksum_too(ircal: Ircal, sandbox: SandboxServer) -> None:
    ircal("sync")
    plan = json.loads(ircal("plan", "--format", "json").out)
    assert (plan["pending"], plan["errors"]) == (False, [])
    assert ircal("sync", "--checksum", plan["checksum"]).code == 0


def test_only_calendars_with_a_google_calendar_can_be_synced(ircal: Ircal, sandbox: SandboxServer) -> None:
    told = ircal("plan", "--calendar", "rounds")
    assert told.code == 1
    assert "is not pushed to Google" in told.err
    assert ircal("plan", "--calendar", "ahs").code == 1


def test_an_api_that_is_not_there(ircal: Ircal, sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    monkeypatch.setenv("IRCAL_GOOGLE__API_ROOT", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("IRCAL_GOOGLE__ATTEMPTS", "1")
    told = ircal("sync")
    assert told.code == 4
    assert f"127.0.0.1:{port}" in told.err
    assert "Traceback" not in told.err


def test_a_token_endpoint_that_is_not_there_is_named(
    ircal: Ircal, sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    key = json.loads((tmp_path / "key.json").read_text())
    (tmp_path / "key.json").write_text(json.dumps(key | {"token_uri": "http://127.0.0.1:9/token"}))
    monkeypatch.setenv("IRCAL_GOOGLE__ATTEMPTS", "1")
    told = ircal("plan")
    assert told.code == 4
    assert "The token endpoint at 127.0.0.1:9 cannot be reached" in told.err


@pytest.mark.parametrize(("content", "sentence"), [("", "is not JSON"), ("{}", "is not the key of a service account")])
def test_a_key_that_is_none(ircal: Ircal, sandbox: SandboxServer, tmp_path: Path, content: str, sentence: str) -> None:
    (tmp_path / "key.json").write_text(content)
    told = ircal("plan")
    assert told.code == 1
    assert sentence in told.err


def test_secrets_are_in_no_output(ircal: Ircal, sandbox: SandboxServer, tmp_path: Path) -> None:
    key = json.loads((tmp_path / "key.json").read_text())["private_key"].splitlines()[1]
    outputs = [ircal("plan"), ircal("sync"), ircal("plan", "--format", "json")]
    assert not any(key in told.out + told.err for told in outputs)
