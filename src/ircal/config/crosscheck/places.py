"""Sites on the map: latitude and longitude, the wrong way round, are numbers that exist too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ircal.config.sections import subject
from ircal.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ircal.config.draft import Draft

Point = tuple[float, float]

_NEAR = 5
"""Degrees, in each direction, between sites that people rotate through."""

_ANTARCTIC = -60
"""South of this latitude there is no hospital."""


def check(draft: Draft) -> Iterator[Problem]:
    """Sites that are where nobody works, or far from all others but near one when the numbers change places."""
    points = {site.id: site.geo for site in draft.program.sites.values() if site.geo}
    for name, (latitude, longitude) in points.items():
        others = [point for other, point in points.items() if other != name]
        if latitude < _ANTARCTIC or _swapped((latitude, longitude), others):
            message = (
                f"{subject('sites', name)} is at latitude {latitude:g} and longitude {longitude:g}, far from anywhere"
            )
            place = draft.written.place("sites", name, "geo")
            yield Problem("geo-swapped", message, place, "write the latitude first; swap the two numbers")


def _swapped(point: Point, others: list[Point]) -> bool:
    turned = (point[1], point[0])
    return any(_near(turned, other) for other in others) and not any(_near(point, other) for other in others)


def _near(one: Point, other: Point) -> bool:
    return all(abs(a - b) <= _NEAR for a, b in zip(one, other, strict=True))
