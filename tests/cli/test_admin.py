"""`ircal admin hash-password`: a hash that the pages take, and nothing else said or kept."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from io import StringIO
from typing import TYPE_CHECKING

from ircal.settings import load_settings
from ircal.web.pages.password import is_password

if TYPE_CHECKING:
    import pytest

    from tests.cli.conftest import Ircal

PASSWORD = "correct horse battery"


def test_the_hash_of_a_line_is_that_of_the_password(ircal: Ircal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", StringIO(f"{PASSWORD}\nanother line\n"))
    told = ircal("admin", "hash-password")
    assert (told.code, told.err, told.out.count("\n")) == (0, "", 1)
    assert is_password(PASSWORD, told.out.strip())
    assert not is_password(PASSWORD + " ", told.out.strip())
    monkeypatch.setenv("IRCAL_ADMIN__PASSWORD_HASH", told.out.strip())
    settings = load_settings()
    assert settings.admin.password_hash is not None
    assert settings.admin.password_hash.get_secret_value() == told.out.strip()
    assert "argon2" not in repr(settings)


def test_a_short_password_is_refused(ircal: Ircal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", StringIO("hunter2\n"))
    told = ircal("admin", "hash-password")
    assert (told.code, told.out) == (1, "")
    assert "shorter than 12 characters" in told.err
    assert "hunter2" not in told.err


def test_on_a_terminal_it_is_asked_for_twice_and_shown_nowhere() -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "ircal", "admin", "hash-password"]
    with subprocess.Popen(
        command, stdin=theirs, stdout=subprocess.PIPE, stderr=theirs, start_new_session=True
    ) as asked:
        os.close(theirs)
        seen = b""
        for question in (b"Password: ", b"The same again: "):
            while not seen.endswith(question):
                seen += os.read(ours, 1000)
            os.write(ours, f"{PASSWORD}\n".encode())
        out, _ = asked.communicate(timeout=120)
    os.close(ours)
    assert asked.returncode == 0
    assert is_password(PASSWORD, out.decode().strip())
    assert PASSWORD.encode() not in seen
