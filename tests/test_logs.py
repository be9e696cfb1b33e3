"""The log: what a line says, in text and in JSON, and what it never says."""

from __future__ import annotations

import io
import json
import logging
from typing import TYPE_CHECKING

import pytest

from ircal.logs import bound, formatter, secrets_of
from ircal.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Callable

PASSWORD = "hunter2!x-Y"
ADDRESS = "hIgQ7nX2vQmB0s9dLw4c1A"


class Log:
    """A logger of its own, and the lines that it wrote."""

    def __init__(self, form: str) -> None:
        settings = load_settings(database_url=f"postgresql://ircal:{PASSWORD}@db/ircal")
        self._written = io.StringIO()
        handler = logging.StreamHandler(self._written)
        handler.setFormatter(formatter(form, secrets_of(settings)))
        self.log = logging.getLogger("ircal.trial")
        self.log.handlers, self.log.propagate = [handler], False
        self.log.setLevel(logging.INFO)

    @property
    def text(self) -> str:
        return self._written.getvalue()

    def line(self) -> dict[str, str]:
        (line,) = self.text.splitlines()
        return dict(json.loads(line))


def test_a_line_of_json_is_an_object() -> None:
    log = Log("json")
    log.log.warning("%d feeds", 52, extra={"programme": "ir"})
    line = log.line()
    assert line.pop("timestamp").endswith("Z")
    assert line == {"event": "52 feeds", "level": "warning", "logger": "ircal.trial", "programme": "ir"}


def test_a_line_of_text_begins_with_the_time_and_says_it_in_words() -> None:
    log = Log("text")
    log.log.info("%d feeds", 52)
    assert log.text[10] == "T"
    assert log.text.endswith("Z [info] 52 feeds [ircal.trial]\n")


def test_what_is_bound_is_in_every_line_of_the_run_and_in_none_after_it() -> None:
    log = Log("json")
    with bound(run="7f", calendar="resident-ash"):
        log.log.info("in")
    assert log.line().items() >= {"run": "7f", "calendar": "resident-ash"}.items()
    after = Log("json")
    after.log.info("out")
    assert "run" not in after.line()


def told(log: logging.Logger) -> None:
    log.info("the password is %s", PASSWORD)


def given(log: logging.Logger) -> None:
    log.info("it is", extra={"password": PASSWORD})


def spelt(log: logging.Logger) -> None:
    log.info("postgresql://ircal:hunter2%21x-Y@db/ircal")


def connect() -> None:
    raise ConnectionError(f"no answer of postgresql://ircal:{PASSWORD}@db/ircal")


def raised(log: logging.Logger) -> None:
    try:
        connect()
    except ConnectionError:
        log.exception("lost")


def asked(log: logging.Logger) -> None:
    log.info("GET https://calendars.example.edu/feeds/%s.ics", ADDRESS)


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("say", [told, given, spelt, raised, asked], ids=lambda say: say.__name__)
def test_no_line_holds_a_secret(form: str, say: Callable[[logging.Logger], None]) -> None:
    log = Log(form)
    say(log.log)
    assert "***" in log.text
    assert not any(secret in log.text for secret in (PASSWORD, "hunter2", ADDRESS))


def test_a_trace_is_told_whole() -> None:
    log = Log("json")
    raised(log.log)
    assert log.line()["exception"].startswith("Traceback (most recent call last):")
    assert log.line()["exception"].endswith("ConnectionError: no answer of ***")
