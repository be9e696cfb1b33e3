"""The door of the triggers, with a memory and a queue that write down what they are told."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ircal.service.triggers import MarkAndNudge, kind_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


NOW = datetime(2026, 9, 1, 8, tzinfo=UTC)


class Told:
    """Both sides of the door, in the order in which they were told."""

    def __init__(self) -> None:
        self.said: list[object] = []

    def raise_due(self, calendars: Collection[str], cause: str, now: datetime) -> None:
        self.said.append((cause, *calendars, now))

    def nudge(self, calendars: Iterable[str]) -> None:
        self.said.append(list(calendars))

    def look(self) -> None:
        self.said.append("look")


def door(told: Told) -> MarkAndNudge:
    return MarkAndNudge(told, told, lambda: {"ash", "mm"}, told.look, lambda: NOW)


def test_who_asked_is_remembered_with_what_was_asked() -> None:
    told = Told()
    door(told).mark(["mm"], "page", by="hazel")
    assert told.said[0] == ("page by hazel", "mm", NOW)
    assert kind_of("page by hazel") == kind_of("page") == "page"


def test_it_is_remembered_before_anybody_is_nudged() -> None:
    told = Told()
    door(told).mark(["mm"], "google")
    assert told.said == [("google", "mm", NOW), ["mm"]]


def test_all_are_those_that_are_pushed() -> None:
    told = Told()
    door(told).mark(None, "midnight")
    assert told.said == [("midnight", "ash", "mm", NOW), ["ash", "mm"]]


def test_what_is_not_pushed_is_passed_over() -> None:
    told = Told()
    door(told).mark(["nobody"], "google")
    door(told).mark(["nobody", "mm"], "google")
    assert told.said == [("google", "mm", NOW), ["mm"]]


def test_a_look_is_handed_on() -> None:
    told = Told()
    door(told).look()
    assert told.said == ["look"]
