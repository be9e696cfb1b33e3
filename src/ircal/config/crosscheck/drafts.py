"""Drafts of academic years: when they are published, and what their files may hold.

A draft must not hide what people already live by, so that it is published before its year begins at the latest. What
its files hold of other kinds could not be held back, and would be published at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ircal.config.sections import subject
from ircal.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ircal.config.draft import Draft
    from ircal.model.program import DraftYear

_HELD_BACK = ("drafts", "people", "swaps", "overrides", "milestones")
"""The sections of which a draft can be made."""


def check(draft: Draft) -> Iterator[Problem]:
    """Drafts of years that have begun or that the programme is not kept for, and what cannot be held back."""
    for year in draft.program.drafts.values():
        yield from _dates(year, draft)
        yield from _at_once(year, draft)


def _dates(year: DraftYear, draft: Draft) -> Iterator[Problem]:
    settings, place = draft.program.settings, draft.written.place("drafts", year.id, "published")
    begins = draft.program.year_start(year.year)
    if year.year <= settings.first_year:
        message = f"the draft {year.id} is of no later year than the programme's first, {settings.first_year}"
        yield Problem("outside-years", message, place, "take it out: the first year is shown from the beginning")
    elif year.published > begins:
        message = f"the draft {year.id} is published on {year.published}, after its year has begun on {begins}"
        yield Problem("draft-too-late", message, place, f"publish it on {begins} at the latest")


def _at_once(year: DraftYear, draft: Draft) -> Iterator[Problem]:
    for section, entries in draft.written.sections.items():
        for name, entry in entries.items() if section not in _HELD_BACK else ():
            if year.has(entry.place.file):
                message = f"{subject(section, name)} stands in a file of the draft {year.id}, and cannot be held back"
                hint = "move it to a file without the year in its name; it takes effect at once"
                yield Problem("draft-holds", message, entry.place, hint)
