"""What a reader sees of one event, as a short hash: by it we know whether somebody else has changed what we wrote.

When an event is written, the hash of what is sent goes along as a private property (`identity.SHOWN`). When it is read,
the hash of what is shown is taken again: where the two differ, somebody edited it. Nothing has to be remembered for
that, so a lost store makes no difference.

The hash is of what Google shows alike however it spells it: moments and not offsets, the parts of a rule in one order,
words and not the white space between them. Should Google show something otherwise than it was sent all the same, its
answer to our own write tells so, and `writing` puts the hash of that answer in place of ours, once.

Only what we write takes part: colours and texts do, a person's own reminders and attendees do not.
"""

from __future__ import annotations

import hashlib
import unicodedata
from datetime import date, datetime
from typing import TYPE_CHECKING

from ircal.google.answers import EVENT, Event
from ircal.google.identity import SHOWN
from ircal.google.rules import exdates, others, parts_of, rule_of
from ircal.plan import moment

if TYPE_CHECKING:
    from collections.abc import Mapping


def appearance_of(body: Mapping[str, object]) -> str:
    """What will be seen of an event that is written with this body, which has no nulls."""
    return appearance(EVENT.validate_python({"id": "new", **body}))


def is_edited(event: Event) -> bool:
    """Whether a reader sees something else than what we wrote; nobody knows of one that does not bear the hash."""
    wrote = event.private.get(SHOWN)
    return wrote is not None and wrote != appearance(event)


def appearance(event: Event) -> str:
    """A short hash (16 hex digits). Raises ValueError where the event has no times."""
    seen = (
        [_words(text) for text in (event.summary, event.description, event.location)],
        event.transparency or "opaque",
        event.status or "confirmed",
        event.color_id,
        [_when(event, at) for at in (event.start.at, event.end.at)],
        _repeats(event),
    )
    return hashlib.sha256(repr(seen).encode(errors="backslashreplace")).hexdigest()[:16]


def _words(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _when(event: Event, at: date | datetime) -> str:
    """The moment; for a rule its zone too, in which it is repeated."""
    zone = str(at.tzinfo) if isinstance(at, datetime) and event.recurrence else ""
    return f"{moment(at).isoformat()} {zone}"


def _repeats(event: Event) -> list[str]:
    lines, start = event.recurrence, event.start.at
    dates = {moment(at).isoformat() for line in lines for at in exdates(line, start)}
    return [*parts_of(rule_of(lines)), *sorted(dates), *others(lines)]
