"""What is read again after an edit, with all that is known from before it, is what is read anew: also its faults."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ircal.config import load
from ircal.errors import ProgramError
from ircal.recall import Recall

if TYPE_CHECKING:
    from tests.config.conftest import Folder

EDITS = {
    "another name on a calendar made by a template": ("people.yaml", "name: Ash", "name: Asche"),
    "a calendar made by a template for somebody new": (
        "people.yaml",
        "f-elm: {name: Elm",
        "r-cy: {name: Cy, role: resident, entered: 2026-07-01}\n  f-oak: {name: Oak",
    ),
    "another template": ("conferences.yaml", "{each: resident}", '{each: resident, name: "Of {name}"}'),
    "a template with a name that is no text": ("conferences.yaml", "{each: resident}", '{each: resident, color: "x"}'),
    "a season without the day": ("conferences.yaml", "when: We[3]", "season: 07-01..07-02\n    when: We[3]"),
    "a first year in which the rule has no day": (
        "conferences.yaml",
        "when: We[3] 17:00-18:00",
        "until: 2026-07-02\n    when: We[3] 17:00-18:00",
    ),
    "an audience of nobody": ("conferences.yaml", "{pgy: 5..6}", "{pgy: 5..6, role: faculty}"),
    "rotations that nobody of the audience is on": ("rotations.yaml", "icu: {name: ICU, site", "icu: {name: I, site"),
    "a duty that never takes place": (
        "rotations.yaml",
        "icu: {name: ICU, site: west}",
        "icu: {name: I, site: west, duties: {d: {name: D, when: {rrule: FREQ=YEARLY;BYYEARDAY=400, at: 07:00-08:00}}}}",
    ),
    "a date outside the years": ("conferences.yaml", "date: 2026-09-16, move: {to: 2026-09-17}", "date: 2036-09-16}"),
}


def told(folder: Folder, recall: Recall) -> Any:
    """The programme, or what a person reads of its faults."""
    try:
        return load(folder.path, recall)
    except ProgramError as error:
        return [str(problem) for problem in error.problems]
    finally:
        recall.turn()


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
def test_after_an_edit_and_its_end_all_is_as_if_it_were_read_anew(folder: Folder, edit: tuple[str, str, str]) -> None:
    name, old, new = edit
    recall, before = Recall(), (folder.path / name).read_text()
    assert old in before
    good = told(folder, recall)
    assert good == told(folder, Recall())
    for text in (before.replace(old, new), before):
        folder.write(name, text)
        assert told(folder, recall) == told(folder, Recall())
    assert told(folder, recall) == good
