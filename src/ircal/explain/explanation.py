"""What an explanation is: something that is on a calendar on a day, or is not, and the sentences that say why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ircal.model.place import NOWHERE, Place

if TYPE_CHECKING:
    from datetime import date, datetime

    from ircal.model.schedule import Occurrence, Rule, Step


@dataclass(frozen=True, slots=True)
class Sentence:
    """One reason, and where it is written; a whole sentence with its full stop."""

    text: str
    place: Place = NOWHERE

    def __str__(self) -> str:
        """`On leave (vacation). (leave/2026-27.csv:2)`."""
        return f"{self.text} ({self.place})" if self.place.file else self.text


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why something is there (`present`) or not.

    `start` and `end` are when it takes place, or would: dates for whole days, the end exclusive. `uid` is that of the
    calendar, and empty for what the calendar has on no day; `rule` is None where the day as a whole is explained.
    """

    summary: str
    start: date | datetime
    end: date | datetime
    present: bool
    sentences: tuple[Sentence, ...]
    uid: str = ""
    rule: Rule | None = None
    cancelled: bool = False


def of(item: Occurrence, sentences: tuple[Sentence, ...], *, present: bool) -> Explanation:
    """The explanation of an occurrence, there or not."""
    return Explanation(
        item.details.summary, item.start, item.end, present, sentences, item.uid, item.rule, item.cancelled
    )


def sentence(step: Step) -> Sentence:
    """A step of provenance as a sentence."""
    return Sentence(as_sentence(step.text), step.place)


def as_sentence(text: str) -> str:
    """The text with a capital letter and a full stop."""
    stop = "" if text.endswith((".", "!", "?")) else "."
    return f"{text[:1].upper()}{text[1:]}{stop}"
