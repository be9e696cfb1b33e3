"""Days, times and numbers as the pages write them: the filters of the templates."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def day(value: date) -> str:
    """`Tue 1 Dec 2026`."""
    return f"{value:%a} {value.day} {value:%b %Y}"


def short_day(value: date) -> str:
    """`1 Dec`."""
    return f"{value.day} {value:%b}"


def clock(value: date) -> str:
    """`07:30`; nothing for a whole day."""
    return f"{value:%H:%M}" if isinstance(value, datetime) else ""


def moment(value: datetime) -> str:
    """`Tue 1 Dec 2026, 07:30`."""
    return f"{day(value)}, {value:%H:%M}"


def weekday(value: date) -> str:
    """`Tue`."""
    return f"{value:%a}"


def capitalize_first(text: str) -> str:
    """With a capital letter in front; Jinja's own filter would make all others small."""
    return text[:1].upper() + text[1:]


def number(value: float) -> str:
    """With one decimal, if there is one."""
    return f"{value:.1f}".removesuffix(".0")


def sentence(text: str) -> str:
    """With a capital letter and a full stop."""
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '!', '?')) else '.'}"


_CAUSES = {
    "start": "the service began",
    "programme": "the programme was changed",
    "google": "Google told of a change",
    "poll": "Google was asked for changes",
    "midnight": "a new day",
    "night": "the comparison of every night",
    "sync": "`ircal sync`",
    "resync": "`ircal resync`",
    "page": "Resync, on this page",
}


def because(causes: str) -> str:
    """`the programme was changed; Resync, on this page, by hazel`, of what is remembered of a run's triggers."""
    return "; ".join(map(_because, causes.split(", ")))


def _because(cause: str) -> str:
    kind, _, who = cause.partition(" by ")
    if kind not in _CAUSES:
        return cause  # in words already: `applied by hazel`
    return f"{_CAUSES[kind]}, by {who}" if who else _CAUSES[kind]


FILTERS: Mapping[str, Callable[[Any], str]] = {
    "day": day,
    "short_day": short_day,
    "clock": clock,
    "moment": moment,
    "number": number,
    "weekday": weekday,
    "capitalize_first": capitalize_first,
    "sentence": sentence,
    "because": because,
}
