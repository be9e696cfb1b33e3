"""The log: how a line looks, what every line of a run has in common, and what may never be in one.

Modules log as Python's `logging` does; here is decided what becomes of it. A line is text for people or JSON for
machines (`IRCAL_LOG_FORMAT`), in UTC, on standard error. What is bound with `bound` (the run, the calendar) is in every
line that is logged inside, in whatever module, also in other people's.

Secrets are kept out twice. No module logs one, nor the path of a request, which may hold one. And whatever is logged
all the same, such as another library's trace, passes `Masked`, which knows the secrets of the settings by their value
and the address of a feed or a private page by its form.
"""

from __future__ import annotations

import logging
import re
import sys
from typing import TYPE_CHECKING
from urllib.parse import quote

import structlog
from pydantic import BaseModel, SecretStr
from structlog.contextvars import bound_contextvars, merge_contextvars
from structlog.stdlib import ProcessorFormatter, add_log_level, add_logger_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from contextlib import AbstractContextManager

    from structlog.typing import EventDict

    from ircal.settings import Settings

_HIDDEN = "***"
_SHORTEST = 6
"""A shorter secret is no secret, and to mask it would garble the log."""
_ADDRESS = re.compile(r"(/(?:feeds|my)/)[A-Za-z0-9_%.~-]{16,}")
_PASSWORD = re.compile(r"://[^/\s]*:([^/\s]+)@")


def bound(**values: str) -> AbstractContextManager[None]:
    """Have every line bear these values that this thread logs inside the block."""
    return bound_contextvars(**values)


def start_logging(settings: Settings) -> None:
    """Log to standard error, in UTC, unless logging has been set up already."""
    handler = logging.StreamHandler(sys.stderr)
    colors = settings.log_format == "text" and sys.stderr.isatty()
    handler.setFormatter(formatter(settings.log_format, secrets_of(settings), colors=colors))
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False  # found out for each line, unsaid
    logging.basicConfig(level=settings.log_level.upper(), handlers=[handler])


def formatter(form: str, secrets: Iterable[str], *, colors: bool = False) -> logging.Formatter:
    """What makes a line of text, or one of JSON, without any of the secrets. Traces show no values of variables."""
    plain = structlog.dev.ConsoleRenderer(colors=colors, pad_event_to=0, pad_level=False, sort_keys=False)
    return ProcessorFormatter(
        foreign_pre_chain=[
            merge_contextvars,
            add_log_level,
            add_logger_name,
            structlog.stdlib.ExtraAdder(),
            structlog.processors.TimeStamper("%Y-%m-%dT%H:%M:%SZ"),
            structlog.processors.format_exc_info,
        ],
        processors=[
            ProcessorFormatter.remove_processors_meta,
            _without_second_event,
            Masked(secrets),
            structlog.processors.JSONRenderer() if form == "json" else plain,
        ],
    )


def _without_second_event(_logger: object, _method: str, line: EventDict) -> EventDict:
    """Without what uvicorn says a second time, for terminals that show colours."""
    line.pop("color_message", None)
    return line


class Masked:
    """A structlog processor that puts `***` wherever a secret stands in what is logged."""

    def __init__(self, secrets: Iterable[str]) -> None:
        known = sorted({each for each in secrets if len(each) >= _SHORTEST}, key=len, reverse=True)
        spelt = dict.fromkeys(form for each in known for form in (each, quote(each, safe="")))
        self._known = re.compile("|".join(map(re.escape, spelt))) if spelt else None

    def __call__(self, _logger: object, _method: str, line: EventDict) -> EventDict:
        return {name: self._masked(value) if isinstance(value, str) else value for name, value in line.items()}

    def _masked(self, text: str) -> str:
        if self._known:
            text = self._known.sub(_HIDDEN, text)
        return _ADDRESS.sub(rf"\1{_HIDDEN}", text) if "/" in text else text


def secrets_of(settings: BaseModel) -> Iterator[str]:
    """Every secret in the settings, in whatever group; of an address also the password in it."""
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if isinstance(value, BaseModel):
            yield from secrets_of(value)
        elif isinstance(value, SecretStr):
            yield value.get_secret_value()
            yield from (part.strip() for part in value.get_secret_value().split(",") if "://" in part)  # addresses
            yield from _PASSWORD.findall(value.get_secret_value())
