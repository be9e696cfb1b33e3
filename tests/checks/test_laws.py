"""What holds for all findings: an exception takes away what it is about and nothing else, and order does not matter."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ircal.checks import check
from ircal.checks.finding import Finding, told
from ircal.checks.ground import Ground
from ircal.checks.registry import findings
from ircal.checks.suppress import suppressed
from ircal.config import load
from ircal.model.checks import Suppression
from ircal.rules.expand import expand
from tests.checks.conftest import YEAR, made

if TYPE_CHECKING:
    from ircal.model.program import Program

MUCH_IS_WRONG = """\
    conferences:
      board: {name: Tumor board, when: Mo 12:00-13:00, site: west, room: A, audience: {rotation: ir-west}}
      prep: {name: Preparation, when: Mo-Tu 12:30-13:30, site: west, room: A, audience: {pgy: [2, 6]}}
      mm: {name: M&M, when: Tu 13:00-14:00, site: east, audience: everyone}
    checks:
      coverage:
        east: {count: {rotation: ir-east}, min: 2}
        west: {count: {rotation: ir-west}, max: 1}
      leave:
        vacation: {kind: vacation, days: 3}
      travel:
        - {between: [west, east], minutes: 10}
    """
LEAVE = "person,kind,from,to,note\nelm,vacation,2026-08-03,2026-08-16,\ncedar,vacation,2026-09-07,2026-09-13,\n"


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> Program:
    folder = made(tmp_path_factory.mktemp("wrong"))
    folder.write("wrong.yaml", MUCH_IS_WRONG)
    folder.write("leave/2026-27.csv", LEAVE)
    folder.write("blocks/2026-27.csv", "resident,1,2,3\nash,W,,W\nbirch,W,W,W\ncedar,E,E,E\nelm,E,E,\n")
    return load(folder.path)


@pytest.fixture(scope="module")
def found(wrong: Program) -> list[Finding]:
    return list(findings(Ground.of(expand(wrong, YEAR))))


def within(finding: Finding, other: Finding) -> bool:
    """Whether the finding lies in the days of the other."""
    if other.days is None or finding.days is None:
        return other.days is None
    return other.days[0] <= finding.days[0] and finding.days[1] <= other.days[1]


@given(data=st.data())
def test_an_exception_takes_away_what_it_is_about_and_nothing_else(data: st.DataObject, found: list[Finding]) -> None:
    assert len({each.code for each in found}) >= 6
    one = data.draw(st.sampled_from(found))
    body: dict[str, Any] = {"code": one.code, "person": one.person or (), "of": one.of, "reason": "agreed"}
    if one.days:
        body |= {"from": one.days[0], "until": one.days[1]}
    kept = suppressed(found, (), [Suppression.model_validate(body)]).findings
    assert one not in kept
    assert list(kept) == [
        each
        for each in found
        if each.code != one.code
        or each.person != one.person
        or not set(each.of) >= set(one.of)
        or not within(each, one)
    ]


@given(data=st.data())
def test_the_order_of_findings_does_not_matter(data: st.DataObject, wrong: Program, found: list[Finding]) -> None:
    shuffled = data.draw(st.permutations(found))
    assert set(told(shuffled, wrong.people)) == set(told(found, wrong.people))


@settings(max_examples=10)
@given(data=st.data())
def test_the_order_of_what_is_written_does_not_matter(data: st.DataObject, wrong: Program) -> None:
    def mixed(mapping: Any) -> dict[str, Any]:
        return dict(data.draw(st.permutations(list(mapping.items()))))

    other = replace(
        wrong,
        people=mixed(wrong.people),
        rotations=mixed(wrong.rotations),
        sites=mixed(wrong.sites),
        conferences=mixed(wrong.conferences),
        assignments=tuple(data.draw(st.permutations(wrong.assignments))),
        leave=tuple(data.draw(st.permutations(wrong.leave))),
    )
    assert check(expand(other, YEAR)) == check(expand(wrong, YEAR))
