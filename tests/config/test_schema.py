"""The JSON Schema says of a file what the loader says of it, as far as one file can tell."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from ircal.config import json_schema
from tests.config.conftest import FILES, Folder

jsonschema = pytest.importorskip("jsonschema")

EXAMPLE = sorted((Path(__file__).parents[2] / "config").glob("*.yaml"))


def faults(text: str) -> list[str]:
    """What an editor would underline: paths into the file."""
    checker = jsonschema.FormatChecker(["date"])
    validator = jsonschema.Draft202012Validator(json_schema(), format_checker=checker)
    return sorted(error.json_path for error in validator.iter_errors(plain(YAML(typ="safe", pure=True).load(text))))


def plain(value: Any) -> Any:
    """As JSON has it: keys and dates are text."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, dt.date) else value


def test_it_is_a_schema() -> None:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_no_place_and_no_id_of_a_keyed_entry_is_offered() -> None:
    definitions = json_schema()["$defs"]
    offered = {name: set(definition.get("properties", {})) for name, definition in definitions.items()}
    assert "Place" not in offered
    assert [name for name, keys in offered.items() if "place" in keys] == []
    assert sorted(name for name, keys in offered.items() if "id" in keys) == ["CalendarTemplate", "Settings"]
    assert {"from", "until"} <= offered["Conference"]
    assert "start" not in offered["Conference"]


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".yaml")])
def test_small_programme_is_right(name: str) -> None:
    assert faults(FILES[name]) == []


@pytest.mark.skipif(not EXAMPLE, reason="there is no example programme in config/")
@pytest.mark.parametrize("path", EXAMPLE, ids=lambda path: path.name)
def test_example_programme_is_right(path: Path) -> None:
    assert faults(path.read_text()) == []


SHORTHANDS = """\
conferences:
  a: {name: A, when: 'Mo-Fr 07:00-07:30', audience: everyone, season: 09-01..05-31}
  b: {name: B, when: 'We[3] 17:00-18:00', audience: {pgy: 2..4, role: resident}, season: [09-01, 05-31]}
  c: {name: C, when: 'Tu/2 from 2026-07-07 16:00-17:00', audience: {pgy: 5, rotation: icu, not: {person: [r-ash]}}}
  d: {name: D, sessions: d, audience: {any: [everyone, {class_of: [2027, 2031]}]}, optional: {tag: [ir]}}
  e: {name: E, when: {rrule: FREQ=DAILY, at: '07:00-08:00', from: 2026-07-01}, audience: {everyone: true}}
  w1: {name: W, when: 'We/Th from 2026-09-02 12:00-13:00', audience: everyone}
  w2: {name: W, when: 'workday[1,-1] 12:00-13:00', audience: everyone}
  w3: {name: W, when: 'Mo,Tu[1] of block@ir 12:00-13:00', audience: everyone}
  w4: {name: W, when: '3 days before block start', audience: everyone}
  w5: {name: W, when: '1 week before mm 12:00-13:00', audience: everyone}
rotations:
  v: {name: V, site: west, duties: {d: {name: D, when: 'We[2] of rotation 12:00-12:30'}}}
milestones:
  f: {name: F, when: {pgy: 4, on: 06-01}, opens: 05-01}
  g: {name: G, when: 2027-06-01}
overrides:
  h: {close: {sites: west, from: 2027-01-26T06:00, to: 2027-01-27T06:00}}
  i: {conference: a, date: 2026-09-01, excuse: r-ash}
calendars:
  m: {each: resident, id: 'm-{id}', detail: minimal, reminders: 15m}
  n: {name: N, kind: programme, reminders: [15m, 1d]}
  o: {name: O, kind: programme, detail: full, reminders: {conferences: 15m, milestones: [7d, 1d]}}
  j: {each: class, only: [2027], google: {2027: x@group.calendar.google.com}}
grids:
  k: {kind: explicit, years: {2026: [{from: 2026-07-01, to: 2026-07-31}]}}
people:
texts: {leave: {title: 'Away[ ({kind})]'}}
"""


def test_shorthands_are_right(folder: Folder) -> None:
    assert faults(SHORTHANDS) == []
    folder.write("x.yaml", SHORTHANDS)
    folder.write("sessions/d.csv", "date\n")
    assert folder.told() == []


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("poeple: {}", ["$"]),
        ("sites: {South Campus: {name: S}}", ["$.sites"]),
        ("sites: {s: {name: S, addres: x}}", ["$.sites.s"]),
        ("sites: {s: {name: S, id: s}}", ["$.sites.s"]),
        ("sites: {s: {name: S, place: x}}", ["$.sites.s"]),
        ("sites: {s: {}}", ["$.sites.s"]),
        ("texts: {leafe: {title: Away}}", ["$.texts"]),
        ("texts: {leave: {titel: Away}}", ["$.texts"]),
        ("swaps: {s: {people: [a, b], start: 2026-07-01, to: 2026-07-02}}", ["$.swaps.s"]),
        ("people: {p: {name: P, role: residnt}}", ["$.people.p.role"]),
        ("people: {p: {name: P, role: resident, entered: soon}}", ["$.people.p.entered"]),
        ("grids: {g: {kind: fixed_weeks, week: 4}}", ["$.grids.g"]),
        ("conferences: {c: {name: C, when: Monday, audience: everyone}}", ["$.conferences.c.when"]),
        (
            "conferences: {c: {name: C, when: 'Mo[1] of month 12:00-13:00', audience: everyone}}",
            ["$.conferences.c.when"],
        ),
        ("conferences: {c: {name: C, sessions: c, audience: all}}", ["$.conferences.c.audience"]),
        ("calendars: {k: {each: resident, onyl: [r-ash]}}", ["$.calendars.k"]),
        ("calendars: {k: {name: K, kind: programme, reminders: [15]}}", ["$.calendars.k"]),
        ("calendars: {k: {name: K, kind: programme, reminders: {meetings: 15m}}}", ["$.calendars.k"]),
        (
            "rotations: {r: {name: R, site: w, duties: {D 1: {name: D, when: 'Mo 07:00-08:00'}}}}",
            ["$.rotations.r.duties"],
        ),
    ],
)
def test_what_is_wrong_is_wrong_for_the_loader_too(folder: Folder, text: str, paths: list[str]) -> None:
    assert faults(text) == paths
    folder.write("x.yaml", text)
    assert folder.told() != []
