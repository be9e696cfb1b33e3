"""The names that the section `checks` uses, and its audiences, each with the path to where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ircal.config.draft import Draft
    from ircal.model.checks import Checks
    from ircal.model.people import Audience

Path = tuple[str | int, ...]

CHECKED = ("coverage", "requirements", "timing", "protection", "leave", "blackouts")
"""The parts of the section whose entries have ids."""


def names_in(checks: Checks) -> Iterator[tuple[str, str, Path]]:
    """Each name outside of an audience: its kind, itself, its path."""
    for requirement in checks.requirements.values():
        yield from (("person", name, ("requirements", requirement.id, "done", name)) for name in requirement.done)
    for protection in checks.protection.values():
        yield "milestone", protection.milestone, ("protection", protection.id, "milestone")
    for number, way in enumerate(checks.travel):
        yield from (("site", site, ("travel", number, "between", end)) for end, site in enumerate(way.between))
    for number, entry in enumerate(checks.suppress):
        yield from (("person", name, ("suppress", number, "person", at)) for at, name in enumerate(entry.person))
        yield from (("subject", name, ("suppress", number, "of", at)) for at, name in enumerate(entry.of))


def audiences_in(checks: Checks) -> Iterator[tuple[Audience, Path]]:
    """Each audience with its path."""
    for part in CHECKED:
        for name, entry in getattr(checks, part).items():
            for key in ("count", "never", "audience"):
                if (audience := getattr(entry, key, None)) is not None:
                    yield audience, (part, name, key)


def subjects_of(draft: Draft) -> set[str] | None:
    """What a finding can be about, besides people; None while some of it cannot be read."""
    sections = ("rotations", "sites", "conferences", "milestones", "grids")
    if not draft.written.unreadable.isdisjoint(sections):
        return None
    checked = (getattr(draft.program.checks, part) for part in CHECKED)
    return {str(name) for section in sections for name in draft.written.ids(section)}.union(*checked)
