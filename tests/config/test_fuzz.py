"""Whatever stands in the folder, loading gives a Program or says what is wrong: it never fails in another way."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ircal.config import load
from ircal.config.document import SECTIONS, Document
from ircal.errors import ProgramError
from tests.config.conftest import FILES, Folder

if TYPE_CHECKING:
    from pathlib import Path

    from ircal.errors import Problem

# One folder serves all examples of a test: each writes the same file anew.
relaxed = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])

KEYS = sorted(
    {
        field.alias or name
        for section in Document.model_fields.values()
        for shape in getattr(section.annotation, "__args__", ())
        for name, field in getattr(shape, "model_fields", {}).items()
    }
    | {"kind", "each", "pgy", "any", "not", "rrule", "at", "to", "on", "years", "2026", "r-ash", "west", "place"}
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=12),
    st.dates().map(str),
    st.sampled_from(
        ["everyone", "r-ash", "west", "icu", "mm", "core", "resident", "fixed_weeks", "explicit", "months",
         "programme", "Mo-Fr 07:00-07:30", "We[3] 17:00-18:00", "2..4", "0..99999999", "07-01", "02-30", "09-01..05-31",
         "07:30-09:00", "2026-07-01", "9999-12-31", "0001-01-01", "America/New_York", "../../etc/passwd", "FREQ=DAILY",
         "FREQ=SECONDLY", "FREQ=MONTHLY;BYDAY=99MO", "FREQ=YEARLY;BYDAY=MO(99)", "FREQ=DAILY;INTERVAL=0",
         "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "{id}", "{0.__class__}"]
    ),
)  # fmt: skip
BODIES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6),
    max_leaves=12,
)
DOCUMENTS = st.dictionaries(
    st.sampled_from(SECTIONS),
    st.dictionaries(st.sampled_from(["a", "r-ash", "mm", "X y"]), BODIES, max_size=3) | BODIES,
)


def judge(folder: Path) -> None:
    """Load, and read every word of what is wrong; any other exception fails the test."""
    problems = problems_of(folder)
    assert problems is None or problems
    assert all(str(problem) and problem.code and problem.place.file for problem in problems or ())


def problems_of(folder: Path) -> tuple[Problem, ...] | None:
    try:
        load(folder)
    except ProgramError as error:
        return error.problems
    return None


@relaxed
@given(data=st.binary(max_size=200))
@example(data=b"\xef\xbb\xbf")
@example(data=b"\xff\xfea\x00")
@example(data=b"a: &a\n  b: *a\n")
@example(data=b"? ? ? ?\n")
@example(data=b"%TAG ! tag:x,2000:\n---\n!a b\n")
def test_random_bytes_as_yaml(folder: Folder, data: bytes) -> None:
    folder.write("x.yaml", data)
    judge(folder.path)


@relaxed
@given(text=st.text(alphabet="ab:-?[]{},&*!|>'\"%@`# \n\t<=~.0123", max_size=60))
def test_random_signs_as_yaml(folder: Folder, text: str) -> None:
    folder.write("x.yaml", text.encode())
    judge(folder.path)


@relaxed
@given(document=DOCUMENTS)
@example(document={"program": {}, "people": {}, "rotations": {"a": {"color": "\U00010000"}}})
@example(document={"rotations": {"a": {"color": "\ud800", "\udc00": 1}}})
def test_random_sections(folder: Folder, document: dict[str, Any]) -> None:
    folder.write("x.yaml", json.dumps(document).encode())
    judge(folder.path)


@relaxed
@given(body=st.dictionaries(st.sampled_from(KEYS), BODIES, max_size=8), section=st.sampled_from(SECTIONS))
def test_random_entries(folder: Folder, body: dict[str, Any], section: str) -> None:
    """The small programme's own file of that section gives way where it must be there once."""
    if section == "program":
        folder.write("programme.yaml", json.dumps({"program": body}).encode())
    else:
        folder.write("programme.yaml", FILES["programme.yaml"])
        folder.write("x.yaml", json.dumps({section: {"a": body}}).encode())
    judge(folder.path)


@relaxed
@given(
    kind=st.sampled_from(
        [
            "assignments/x",
            "blocks/2027-28",
            "blocks/2027-28@months",
            "leave/x",
            "topics/x",
            "sessions/x",
            "presenters/mm",
        ]
    ),
    data=st.binary(max_size=100)
    | st.text(alphabet='resident,123\n"#;/ WX-person,rotation,from,to,kind,date,topic:', max_size=100).map(str.encode),
)
def test_random_tables(folder: Folder, kind: str, data: bytes) -> None:
    folder.write(f"{kind}.csv", data)
    judge(folder.path)
    (folder.path / f"{kind}.csv").write_bytes(b"")


CELLS = ["r-ash", "r-bay", "W", "W/X", "core", "icu", "2026-07-01", "9999-12-31", "0000-00-00", "", "x"]
HEADINGS = {
    "assignments/x.csv": "person,rotation,from,to,note",
    "blocks/2029-30.csv": "resident,1,2,13",
    "leave/x.csv": "person,kind,from,to",
    "presenters/mm.csv": "date,person",
    "sessions/x.csv": "date,last,start,end,site",
    "topics/mm.csv": "topic,speaker,date",
}


@relaxed
@given(
    name=st.sampled_from(sorted(HEADINGS)),
    rows=st.lists(st.lists(st.sampled_from(CELLS), max_size=5), max_size=5),
)
def test_random_cells(folder: Folder, name: str, rows: list[list[str]]) -> None:
    folder.write(name, "\n".join([HEADINGS[name], *(",".join(row) for row in rows)]).encode())
    judge(folder.path)
