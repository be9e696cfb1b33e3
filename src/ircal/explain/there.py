"""The sentences of an entry that is on the calendar: what it is, which rules made it, and why it is on this one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ircal.explain.explanation import Sentence, as_sentence, sentence
from ircal.explain.people import Meant, why_meant
from ircal.explain.words import days_text, listed, rule_text
from ircal.feeds.groups import rule_of
from ircal.rules.texts import person_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ircal.explain.ground import Ground
    from ircal.model.program import Program
    from ircal.model.schedule import Attendance, Occurrence, Step


def why_there(item: Occurrence, ground: Ground) -> Iterator[Sentence]:
    """Why an occurrence of the calendar's feed is in it."""
    yield from made_by(_that_day(item, ground), ground)
    if item.rule.kind == "rotation":
        for step in ground.roster.covered(item.person, max(ground.day, item.first_day)):
            yield Sentence(as_sentence(f"it overrides this line: {step.text}"), step.place)
    if item.cancelled:
        yield Sentence("It stays on the calendar, marked as cancelled.")
    if item.attendance:
        yield from _whom(item, ground)
    if place := _whose(item, ground):
        yield Sentence(place, ground.calendar.place)


def _that_day(item: Occurrence, ground: Ground) -> Occurrence:
    """Without the steps of the roster that are about other days of a long rotation."""
    day = max(ground.day, item.first_day)
    held = ground.roster.stretch_on(item.person, day)
    others = set(held.steps if held else ()) - set(ground.roster.steps_on(item.person, day))
    return item._replace(provenance=tuple(step for step in item.provenance if step not in others))


def made_by(item: Occurrence, ground: Ground) -> Iterator[Sentence]:
    """What an occurrence is, and the rules that made it, each with its line."""
    program = ground.program
    who, days = person_name(item.person, program), days_text(item.start, item.end)
    if item.rule.kind == "rotation":
        rotation = program.rotations[item.rotation]
        site = program.sites[rotation.site].name
        yield Sentence(f"{who} is assigned to {rotation.name} at {site}: {days}.", rotation.place)
    if item.rule.kind == "leave":
        yield Sentence(f"{who} is on leave ({item.rule.id}): {days}.", item.provenance[-1].place)
        return
    for step in item.provenance:
        yield rule_sentence(step, item, program)


def rule_sentence(step: Step, item: Occurrence, program: Program) -> Sentence:
    """A step as a sentence, with a recurrence rule in words."""
    owner = item.rule._replace(kind="conference", id=item.rule.id.partition("/")[0])
    when = rule_of(owner if item.rule.kind == "deadline" else item.rule, program)
    if when and step.text.endswith(str(when)):
        return Sentence(as_sentence(step.text.removesuffix(str(when)) + rule_text(when, program)), step.place)
    return sentence(step)


def _whom(item: Occurrence, ground: Ground) -> Iterator[Sentence]:
    """How it concerns those whose calendar it is; where it is nobody's, how many must come and who is excused."""
    if not ground.people:
        yield Sentence(_numbers(item.attendance, ground.program))
    for entry in item.attendance:
        if entry.person in ground.people:
            yield from _called(entry, item, ground)


def _called(entry: Attendance, item: Occurrence, ground: Ground) -> Iterator[Sentence]:
    program = ground.program
    name = person_name(entry.person, program)
    if entry.reason:
        yield Sentence(f"{name} {'is excused' if entry.level == 'excused' else 'must come'}: {entry.reason}.")
        return
    yield Sentence(f"{name} {'must' if entry.level == 'required' else 'may'} come.")
    standing = ground.roster.standing(entry.person, item.first_day)
    asked = meanings(item, program)
    if standing and asked:
        yield why_meant(asked[-1 if entry.level == "optional" else 0], standing, item.first_day, program)


def meanings(item: Occurrence, program: Program) -> tuple[Meant, ...]:
    """Whom a session or milestone is for, and whom it is open to besides."""
    if item.rule.kind == "milestone":
        milestone = program.milestones[item.rule.id]
        return (Meant("for", milestone.audience, milestone.place),)
    conference = program.conferences[item.rule.id]
    must = Meant("for", conference.audience, conference.place)
    if conference.optional is None:
        return (must,)
    return must, Meant("open to", conference.optional, conference.place)


def _numbers(attendance: tuple[Attendance, ...], program: Program) -> str:
    """`4 must come, 2 may. Excused: Amara Ash (on leave (vacation)).`."""
    levels = [entry.level for entry in attendance]
    excused = [
        f"{person_name(entry.person, program)} ({entry.reason})" for entry in attendance if entry.level == "excused"
    ]
    told = f"{levels.count('required')} must come, {levels.count('optional')} may."
    return f"{told} Excused: {listed(excused, 'and')}." if excused else told


def _whose(item: Occurrence, ground: Ground) -> str:
    calendar, program = ground.calendar, ground.program
    match calendar.kind:
        case "site":
            return f"This calendar shows what is at {program.sites[calendar.of].name}."
        case "rotation":
            return f"This calendar shows who is on {program.rotations[calendar.of].name}."
        case "programme":
            return "This calendar shows everything."
        case "resident" if item.person:
            return f"This is the calendar of {person_name(item.person, program)}."
        case _:
            return ""
