"""Conferences that follow one another must lead back to one that has days of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ircal.errors import Problem
from ircal.model.when import Relative

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ircal.config.draft import Draft
    from ircal.model.conferences import Conference


def check(draft: Draft) -> Iterator[Problem]:
    """Circles of conferences, each told once, by the first in order of name."""
    for name in draft.program.conferences:
        circle = _circle(name, draft.program.conferences)
        if circle and name == min(circle):
            place = draft.written.place("conferences", name, "when")
            message = f"conferences follow one another in a circle: {' > '.join([*circle, circle[0]])}"
            yield Problem("conferences-circle", message, place, "let one of them have days of its own")


def _circle(name: str, conferences: Mapping[str, Conference]) -> list[str]:
    """The ids from the conference back to itself; none when it is not part of a circle."""
    path = [name]
    followed = _followed(name, conferences)
    while followed in conferences and followed not in path:
        path.append(followed)
        followed = _followed(followed, conferences)
    return path if followed == name else []


def _followed(name: str, conferences: Mapping[str, Conference]) -> str:
    when = conferences[name].when
    return (when.conference or "") if isinstance(when, Relative) else ""
