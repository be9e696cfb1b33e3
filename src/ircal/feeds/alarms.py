"""VALARM (RFC 5545 section 3.6.6): the reminders of an entry, for phones that heed those of a feed.

Written by hand, for a component object for each would double the time that a feed takes. Each has a UID (RFC 9074
section 4), so that a phone on which one was dismissed knows it again when the feed is read anew.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from ircal.feeds.text import Text, fold, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ircal.model.schedule import Details

_HOUR, _DAY = 60, 24 * 60


def alarms(details: Details, key: str) -> bytes:
    """The VALARMs of an entry; `key` tells it from every other one."""
    return b"".join(fold(line) for minutes in details.reminders for line in _lines(minutes, details.summary, key))


def _lines(minutes: int, summary: str, key: str) -> Iterator[str]:
    yield "BEGIN:VALARM"
    yield f"UID:{hashlib.sha256(f'{key}|{minutes}'.encode(errors='backslashreplace')).hexdigest()[:32]}"
    yield f"TRIGGER:{trigger(minutes)}"
    yield "ACTION:DISPLAY"
    yield f"DESCRIPTION:{Text(one_line(summary)).to_ical().decode()}"
    yield "END:VALARM"


def trigger(minutes: int) -> str:
    """So many minutes before the start, as a duration (RFC 5545 section 3.3.6): `-PT15M`, `-P6DT6H`."""
    days, rest = divmod(minutes, _DAY)
    hours, rest = divmod(rest, _HOUR)
    clock = (f"{hours}H" if hours else "") + (f"{rest}M" if rest else "")
    if not minutes:
        return "PT0S"
    return "-P" + (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
