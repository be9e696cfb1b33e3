"""Opening and stopping channels, through Google's client against the sandbox and against servers with a fault."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from ircal.errors import Denied, RemoteMissing, Unreachable
from ircal.google.channels import Channels, digest_of, is_for, is_token, new_name, new_token
from ircal.google.client import build_service
from ircal.google.errors import Unwatchable
from ircal.google.sandbox import SandboxServer, World
from ircal.google.sandbox.faults import CUT_AFTER, Faults

if TYPE_CHECKING:
    from tests.google.conftest import Scripted

NOW = datetime(2026, 9, 1, 8, tzinfo=UTC)
UNTIL = NOW + timedelta(days=7)
ASH = "ash@example.edu"
ADDRESS = "https://calendars.example.edu/hooks/google"


Connect = Callable[[str], Channels]


@pytest.fixture
def connect() -> Iterator[Connect]:
    with ExitStack() as stack:
        yield lambda url: Channels(stack.enter_context(build_service(url, None)), lambda _seconds: None, 1)


@pytest.fixture
def server() -> Iterator[SandboxServer]:
    with SandboxServer(World(lambda: NOW)) as running:
        running.world.add_calendar(ASH, "Ash")
        yield running


def test_a_channel_is_opened_and_stopped(connect: Connect, server: SandboxServer) -> None:
    ours = connect(server.url)
    name, token = new_name(ASH, ADDRESS), new_token()
    opened = ours.open(ASH, name, token, ADDRESS, UNTIL)
    there = server.world.channels[name]
    assert (there.address, there.token, there.calendar_id) == (ADDRESS, token, ASH)
    assert (opened.resource, opened.expires) == (there.resource_id, UNTIL)
    assert ours.stop(name, opened.resource)
    assert not ours.stop(name, opened.resource)
    assert len(server.world.channels) == 0


def test_what_google_grants_counts_and_not_what_was_asked_for(connect: Connect, scripted: Scripted) -> None:
    scripted.says(200, f'{{"resourceId": "r", "expiration": "{int((UNTIL - timedelta(days=3)).timestamp()) * 1000}"}}')
    scripted.says(200, '{"resourceId": "r"}')
    ours = connect(scripted.url)
    assert ours.open(ASH, "a", "t", ADDRESS, UNTIL).expires == UNTIL - timedelta(days=3)
    assert ours.open(ASH, "b", "t", ADDRESS, UNTIL).expires == UNTIL


@pytest.mark.parametrize("body", ["{}", '{"resourceId": ""}', '{"resourceId": "r", "expiration": "soon"}', "[1]", "ok"])
def test_an_answer_that_is_none_is_not_a_channel(connect: Connect, scripted: Scripted, body: str) -> None:
    scripted.says(200, body)
    with pytest.raises(Unreachable, match="not one of the Calendar API's"):
        connect(scripted.url).open(ASH, "a", "t", ADDRESS, UNTIL)


def test_an_answer_that_was_lost_is_no_second_channel() -> None:
    faults = Faults(0, 1, [CUT_AFTER])
    with SandboxServer(World(lambda: NOW), wrap=faults) as server:
        server.world.add_calendar(ASH, "Ash")

        def mend(_seconds: float) -> None:
            faults.rate = 0

        with build_service(server.url, None) as service:
            opened = Channels(service, mend, 2).open(ASH, "one", "t", ADDRESS, UNTIL)
        assert (opened.resource, opened.expires) == ("", UNTIL)
        assert len(server.world.channels) == 1


def test_where_google_never_tells_is_told_plainly(connect: Connect, server: SandboxServer) -> None:
    ours = connect(server.url)
    holidays = "en.usa#holiday@group.v.calendar.google.com"
    server.world.add_calendar(holidays, "Holidays")
    with pytest.raises(Unwatchable, match="does not tell of changes of this calendar"):
        ours.open(holidays, "a", "t", ADDRESS, UNTIL)
    with pytest.raises(Unwatchable, match="https addresses alone") as caught:
        ours.open(ASH, "a", "t", "http://calendars.example.edu/hooks/google", UNTIL)
    assert "IRCAL_HTTP__PUBLIC_URL" in caught.value.remedy
    with pytest.raises(RemoteMissing):
        ours.open("nobody@example.edu", "a", "t", ADDRESS, UNTIL)


def test_an_address_that_google_does_not_know_to_be_ours(connect: Connect, scripted: Scripted) -> None:
    error = '{"error": {"errors": [{"reason": "push.webhookUrlUnauthorized"}], "message": "Unauthorized WebHook"}}'
    scripted.says(401, error)
    with pytest.raises(Unwatchable, match="does not know that the address is ours") as caught:
        connect(scripted.url).open(ASH, "a", "t", ADDRESS, UNTIL)
    assert "Search Console" in caught.value.remedy


def test_a_refusal_to_stop_is_told(connect: Connect, scripted: Scripted) -> None:
    scripted.says(403, '{"error": {"errors": [{"reason": "forbidden"}], "message": "no"}}')
    with pytest.raises(Denied):
        connect(scripted.url).stop("a", "r")


def test_names_and_tokens_are_random_and_names_tell_what_they_are_for() -> None:
    name = new_name(ASH, ADDRESS)
    assert name != new_name(ASH, ADDRESS)
    assert len(name) <= 64
    assert is_for(name, ASH, ADDRESS)
    assert not is_for(name, ASH, "https://old.example.edu/hooks/google")
    assert not is_for(name, "oak@example.edu", ADDRESS)
    token = new_token()
    assert len({token, new_token(), name}) == 3
    assert is_token(token, digest_of(token))
    assert not is_token(token + "x", digest_of(token))
