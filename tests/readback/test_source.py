"""Reading a file or an address within limits, and never showing the secret in it."""

from __future__ import annotations

import os
import socket
import threading
from typing import TYPE_CHECKING

import pytest

from ircal.errors import FeedUnreachable, FeedUnreadable
from ircal.readback import fetch, name_in, shown
from ircal.readback.source import LARGEST

if TYPE_CHECKING:
    from pathlib import Path

    from tests.readback.conftest import Site

SECRET = "Hush-Hush_0123456789"


def refused(source: str) -> FeedUnreadable:
    with pytest.raises(FeedUnreadable) as raised:
        fetch(source)
    assert SECRET not in f"{raised.value.message} {raised.value.remedy} {raised.value.__cause__}"
    return raised.value


def test_a_file_and_an_address(tmp_path: Path, site: Site) -> None:
    (tmp_path / "a.ics").write_bytes(b"A")
    assert fetch(str(tmp_path / "a.ics")) == b"A"
    assert fetch(site.lay("/b.ics", b"B")) == b"B"
    headers = site.asked[0][1]
    assert (headers["Accept"], headers["Accept-Encoding"]) == ("text/calendar", "identity")


@pytest.mark.parametrize(
    ("source", "name", "display"),
    [
        (f"https://host.example/feeds/{SECRET}.ics", SECRET, "https://host.example/..."),
        ("webcal://host.example:8443/mm.ics?x=1", "mm", "https://host.example:8443/..."),
        ("feeds/conference-mm.ics", "conference-mm", "feeds/conference-mm.ics"),
    ],
)
def test_what_is_shown_of_a_source(source: str, name: str, display: str) -> None:
    assert (name_in(source), shown(source)) == (name, display)


@pytest.mark.parametrize(
    "source",
    [
        f"ftp://host/{SECRET}",
        f"file:///{SECRET}",
        f"https:///{SECRET}",
        f"https://host:many/{SECRET}",
        f"https://[host/{SECRET}",
        f"https://{SECRET}:x@host/a.ics",
        f"https://host/{SECRET} x",
        f"https://host/{SECRET}\r\nX-Header: y",
        f"https://host/é{SECRET}",
    ],
)
def test_what_is_no_address_is_told_without_it(source: str) -> None:
    assert not isinstance(refused(source), FeedUnreachable)


def test_a_file_that_is_not_there_or_no_file(tmp_path: Path) -> None:
    assert (
        refused(f"{tmp_path}/no.ics").message
        == f"The file {tmp_path}/no.ics cannot be read: No such file or directory."
    )
    assert refused(str(tmp_path)).message == f"The file {tmp_path} cannot be read: Is a directory."
    assert "is not a name of a file" in refused("a\x00.ics").message


def test_what_is_larger_than_any_feed(tmp_path: Path, site: Site) -> None:
    (tmp_path / "large.ics").touch()
    os.truncate(tmp_path / "large.ics", LARGEST + 1)
    assert "larger than any feed" in refused(str(tmp_path / "large.ics")).message
    assert "larger than any feed" in refused(site.lay(f"/{SECRET}.ics", b"x" * (LARGEST + 10))).message


@pytest.mark.parametrize(
    ("status", "told", "again"),
    [
        (404, "has no such feed (404)", False),
        (410, "has no such feed (410)", False),
        (403, "refuses (403)", False),
        (503, "is in trouble (503)", True),
        (429, "is in trouble (429)", True),
    ],
)
def test_a_status_is_a_sentence(site: Site, status: int, told: str, again: bool) -> None:
    error = refused(site.lay(f"/{SECRET}.ics", status=status))
    assert error.message == f"http://127.0.0.1:{site.port}/... {told}."
    assert isinstance(error, FeedUnreachable) is again


def test_a_redirect_is_followed_on_the_same_host_alone(site: Site) -> None:
    site.lay("/new.ics", b"N")
    assert fetch(site.lay("/old.ics", status=302, Location="/new.ics")) == b"N"
    assert "leads elsewhere (302)" in refused(site.lay("/away.ics", status=302, Location="{there}/new.ics")).message
    assert "leads elsewhere (301)" in refused(site.lay("/file.ics", status=301, Location="file:///etc/passwd")).message
    assert "leads elsewhere (302)" in refused(site.lay("/round.ics", status=302, Location="/round.ics")).message


def test_an_answer_that_was_cut_off_or_packed(site: Site) -> None:
    error = refused(site.lay(f"/{SECRET}.ics", b"BEGIN", Content_Length="500"))
    assert "breaks off: 495 bytes are missing" in error.message
    assert "answers packed" in refused(site.lay("/packed.ics", b"x", Content_Encoding="gzip")).message


def test_nobody_answers(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(refused(f"http://127.0.0.1:9/{SECRET}.ics"), FeedUnreachable)
    monkeypatch.setattr("ircal.readback.source._PATIENCE", 0.05)
    error = refused(f"http://127.0.0.1:{site.port}/silent")
    assert isinstance(error, FeedUnreachable)
    assert "does not answer in time" in error.message


def test_webcal_is_https(site: Site) -> None:
    error = refused(site.lay(f"/{SECRET}.ics", b"A").replace("http://", "webcal://"))
    assert error.message.startswith(f"https://127.0.0.1:{site.port}/... cannot be reached")
    assert site.asked == []


def test_a_server_that_does_not_speak_http() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(b"220 ready for mail\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        error = refused(f"http://127.0.0.1:{server.getsockname()[1]}/{SECRET}.ics")
        thread.join()
    assert "breaks off, or does not speak HTTP" in error.message
