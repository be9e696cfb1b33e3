"""Whole things that are not there, without which every feed would be emptied, or end, in silence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ircal.errors import Problem
from ircal.model.place import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ircal.config.draft import Draft

_PROGRAM = "write it in one of the YAML files: program: {id: ..., name: ..., timezone: ...}"
_CALENDARS = "write the section `calendars`, usually in calendars.yaml; put that file back if it was moved or deleted"


def check(draft: Draft) -> Iterator[Problem]:
    """The sections that every programme has, whether or not anything names what is in them."""
    if "program" not in draft.written.sections:
        yield Problem("no-program", "there is no section `program`", Place("."), _PROGRAM)
    if draft.written.absent("calendars"):
        message = "there are no calendars, so that nothing would be published"
        yield Problem("no-calendars", message, Place("."), _CALENDARS)
