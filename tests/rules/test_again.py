"""What is worked out again after an edit, with all that is known from before it, is what is worked out anew."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ircal.feeds import make_feeds
from ircal.model.conferences import Topic
from ircal.model.program import Calendar, Program
from ircal.recall import Recall
from ircal.rules.expand import expand
from tests.rules.test_laws import YEAR, bodies

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ircal.feeds import Feed
    from ircal.model.schedule import Occurrence, Schedule

CALENDARS = tuple(
    Calendar.model_validate({"id": f"{kind}-{of}", "name": "C", "kind": kind, "of": of})
    for kind, of in [("resident", "ash"), ("resident", "elm"), ("site", "west"), ("class", "2027"), ("programme", "")]
)


def edited(before: Program, after: Program) -> Program:
    """The second, where every entry that is the same as before is the former object, as the configuration gives it."""

    def kept(old: Any, new: Any) -> Any:
        if isinstance(new, dict):
            return {name: kept(old.get(name), value) for name, value in new.items()}
        if isinstance(new, tuple):
            return tuple(next((each for each in old if each == value), value) for value in new)
        return old if old == new else new

    return replace(
        after, **{each.name: kept(getattr(before, each.name), getattr(after, each.name)) for each in fields(Program)}
    )


def told(schedule: Schedule) -> Any:
    """Everything about a schedule, also how it came about, which equality passes over."""
    return {name: [whole(item) for item in part] for name, part in schedule.parts.items()}, schedule.problems


def whole(item: Occurrence) -> Any:
    return item, item.provenance


def said(feeds: Mapping[str, Feed]) -> Any:
    return {name: (list(map(whole, feed.occurrences)), feed.series, feed.warnings) for name, feed in feeds.items()}


def renamed(before: Program, name: str) -> Program:
    """The programme with another name for one of its people, who is on other calendars by that name."""
    return replace(before, people={**before.people, "ash": before.people["ash"].model_copy(update={"name": name})})


calendars = st.sampled_from(
    [CALENDARS, tuple(each.model_copy(update={"kind": "programme", "of": ""}) for each in CALENDARS)]
)


@settings(max_examples=settings().max_examples // 2)  # each works out three programmes twice
@given(st.lists(st.tuples(bodies(), st.sampled_from(["Ash", "Asche"]), calendars), min_size=2, max_size=4))
def test_after_an_edit_all_is_as_if_it_were_worked_out_anew(
    program: Callable[..., Program], edits: list[tuple[dict[str, Any], str, tuple[Calendar, ...]]]
) -> None:
    recall, last = Recall(), program(**edits[0][0])
    for body, name, shown in edits:
        last = edited(last, renamed(program(**body), name))
        schedule = expand(last, YEAR, recall)
        assert told(schedule) == told(expand(last, YEAR))
        assert said(make_feeds(schedule, shown, recall=recall)) == said(make_feeds(expand(last, YEAR), shown))
        recall.turn()


def test_who_is_renamed_has_the_new_name_on_every_calendar(program: Callable[..., Program]) -> None:
    recall, before = Recall(), program()
    make_feeds(expand(before, YEAR, recall), CALENDARS, recall=recall)
    recall.turn()
    after = edited(before, renamed(before, "Asche"))
    feed = make_feeds(expand(after, YEAR, recall), CALENDARS, recall=recall)["programme-"]
    titles = [item.details.summary for item in feed.occurrences if item.person == "ash"]
    assert titles
    assert all(title.startswith("Asche: ") for title in titles)


def test_a_calendar_that_becomes_another_has_its_own_wording_and_uids(program: Callable[..., Program]) -> None:
    recall, before = Recall(), program()
    own = Calendar(id="c", name="C", kind="resident", of="ash")
    everybody = Calendar(id="c", name="C", kind="programme")
    make_feeds(expand(before, YEAR, recall), [own], recall=recall)
    recall.turn()
    again = make_feeds(expand(before, YEAR, recall), [everybody], recall=recall)
    assert said(again) == said(make_feeds(expand(before, YEAR), [everybody]))


def test_only_what_an_edit_touches_is_another_object(program: Callable[..., Program]) -> None:
    recall = Recall()
    meetings = {
        "rounds": {"name": "Rounds", "when": "Mo 07:00-08:00", "audience": {"everyone": True}},
        "mm": {"name": "M&M", "when": "We[3] 17:00-18:00", "audience": {"person": "ash"}},
    }
    before = program(conferences=meetings)
    cancelled = {"snow": {"conference": "mm", "date": "2027-01-20", "cancel": True}}
    after = edited(before, program(conferences=meetings, overrides=cancelled))
    first, old = expand(before, YEAR, recall), make_feeds(expand(before, YEAR, recall), CALENDARS, recall=recall)
    recall.turn()
    second = expand(after, YEAR, recall)
    new = make_feeds(second, CALENDARS, recall=recall)
    assert {name for name, part in second.parts.items() if part is not first.parts[name]} == {"conference:mm"}
    assert {name for name, feed in new.items() if feed is not old[name]} == {"resident-ash", "class-2027", "programme-"}


def test_a_conference_is_looked_at_again_when_another_takes_up_its_topics(program: Callable[..., Program]) -> None:
    recall = Recall()
    rounds = {"name": "Rounds", "when": "Mo 07:00-08:00", "audience": {"everyone": True}, "topics": "shared"}
    topics = {"shared": (Topic(topic="Embolisation", date=date(2026, 9, 16)),)}
    alone = replace(program(conferences={"rounds": rounds}), topics=topics)
    shared = replace(
        program(conferences={"rounds": rounds, "mm": {**rounds, "when": "We[3] 17:00-18:00"}}), topics=topics
    )
    assert [problem.code for problem in expand(alone, YEAR, recall).problems] == ["topic-without-session"]
    recall.turn()
    assert expand(edited(alone, shared), YEAR, recall).problems == ()


def test_a_conference_is_looked_at_again_when_the_one_it_follows_is_moved(program: Callable[..., Program]) -> None:
    recall = Recall()
    meetings = {
        "mm": {"name": "M&M", "when": "We[3] 17:00-18:00", "audience": {"everyone": True}},
        "list": {"name": "List", "when": "1 week before mm", "audience": {"everyone": True}},
        "talk": {"name": "Talk", "when": "1 day before list", "audience": {"everyone": True}},
    }
    moved = {"later": {"conference": "mm", "date": "2027-01-20", "move": {"to": "2027-01-27"}}}
    before, after = program(conferences=meetings), program(conferences=meetings, overrides=moved)
    expand(before, YEAR, recall)
    recall.turn()
    found = expand(edited(before, after), YEAR, recall)
    assert told(found) == told(expand(after, YEAR))
    assert date(2027, 1, 19) in {item.start for item in found.parts["conference:talk"]}
