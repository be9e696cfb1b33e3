"""A small programme to work with: four seniors on the core cycle, and whatever a test adds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import TypeAdapter

from ircal.model.conferences import Conference, PresenterSwap
from ircal.model.holidays import HolidayCalendar
from ircal.model.milestones import Milestone
from ircal.model.overrides import Override
from ircal.model.people import Person
from ircal.model.program import Program, Settings
from ircal.model.rotations import Assignment, Cycle, Grid, Leave, Rotation, Site, Swap

if TYPE_CHECKING:
    from collections.abc import Callable

SECTIONS: dict[str, Any] = {
    "people": Person,
    "sites": Site,
    "rotations": Rotation,
    "cycles": Cycle,
    "grids": Grid,
    "holidays": HolidayCalendar,
    "conferences": Conference,
    "milestones": Milestone,
}
LISTS: dict[str, Any] = {"overrides": Override, "swaps": Swap, "presenter_swaps": PresenterSwap}
BASE: dict[str, Any] = {
    "people": {
        name: {"name": name.title(), "role": "resident", "entered": "2022-07-01"}
        for name in ("ash", "birch", "cedar", "elm")
    },
    "sites": {"west": {"name": "West"}, "east": {"name": "East"}, "vein": {"name": "Vein centre", "off_site": True}},
    "rotations": {
        "ir-west": {"name": "IR West", "site": "west", "tags": "ir"},
        "ir-east": {"name": "IR East", "site": "east", "tags": "ir"},
        "external": {"name": "External", "site": "vein"},
        "icu": {"name": "ICU", "site": "west"},
        "nights": {"name": "Nights", "site": "west", "tags": "nights"},
    },
    "cycles": {
        "core": {
            "weeks": ["ir-west", "ir-west", "ir-east", "external"],
            "epoch": "2026-06-29",
            "offsets": {"ash": 0, "birch": 1, "cedar": 2, "elm": 3},
        }
    },
    "grids": {"blocks": {"kind": "fixed_weeks"}, "months": {"kind": "months"}},
    "holidays": {"hospital": {"country": "US", "names": ["Columbus Day", "Thanksgiving Day", "Christmas Day"]}},
}
SETTINGS = {
    "id": "trial",
    "name": "Trial",
    "timezone": "America/New_York",
    "first_year": 2026,
    "published": "2026-05-01T09:00:00-04:00",
    "grid": "blocks",
    "holidays": "hospital",
    "phases": {"dr": {"id": "dr", "pgy": 2}, "ir": {"id": "ir", "pgy": 5, "on": "11-01"}},
}
WHOLE_YEAR = [
    {"person": name, "rotation": "core", "start": "2026-07-01", "end": "2027-07-01"} for name in BASE["people"]
]


def build(**extra: Any) -> Program:
    """A Program of the base sections with those of `extra` over them; `assignments` and `leave` are lists of bodies."""
    sections: dict[str, Any] = {
        section: {
            name: TypeAdapter(kind).validate_python({"id": name, **body})
            for name, body in _merged(section, extra).items()
        }
        for section, kind in SECTIONS.items()
    }
    lists: dict[str, Any] = {
        section: tuple(
            TypeAdapter(kind).validate_python({"id": name, **body}) for name, body in extra.get(section, {}).items()
        )
        for section, kind in LISTS.items()
    }
    return Program(
        settings=Settings.model_validate({**SETTINGS, **extra.get("settings", {})}),
        assignments=tuple(Assignment.model_validate(body) for body in extra.get("assignments", WHOLE_YEAR)),
        leave=tuple(Leave.model_validate(body) for body in extra.get("leave", ())),
        calendars=extra.get("calendars", {}),
        **sections,
        **lists,
    )


def _merged(section: str, extra: dict[str, Any]) -> dict[str, Any]:
    return {**BASE.get(section, {}), **extra.get(section, {})}


@pytest.fixture(scope="session")
def program() -> Callable[..., Program]:
    """The builder of small programmes."""
    return build
