"""Working out again only what changed: a Recall saves time, and never changes what comes out."""

from __future__ import annotations

from typing import Any

import pytest

from ircal.recall import Recall


class Thing:
    """Something that is equal to every other."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Thing)

    def __hash__(self) -> int:
        return 0


def counted(recall: Recall, made: list[Any], *of: object, key: str = "k") -> Any:
    """The number that this had among all that were made."""

    def make(_: Recall) -> int:
        made.append(of)
        return len(made)

    return recall.made(key, of, make)


def test_what_is_made_of_the_same_is_made_once() -> None:
    recall, thing = Recall(), Thing()
    made: list[Any] = []
    assert [counted(recall, made, thing, "a", 1), counted(recall, made, thing, "a", 1)] == [1, 1]
    recall.turn()
    assert counted(recall, made, thing, "a", 1) == 1


def test_an_equal_thing_is_another_thing_and_plain_values_are_compared() -> None:
    recall, made = Recall(), list[Any]()
    words = ["made", "at", "run", "time"]
    assert counted(recall, made, " ".join(words)) == 1
    assert counted(recall, made, " ".join(words)) == 1
    assert counted(recall, made, Thing()) == 2
    assert counted(recall, made, Thing()) == 3
    assert counted(recall, made, 1) == 4
    assert counted(recall, made, True) == 5
    assert counted(recall, made, True, True) == 6


def test_what_was_not_asked_for_in_a_round_is_forgotten() -> None:
    recall, made = Recall(), list[Any]()
    counted(recall, made, "a", key="one")
    counted(recall, made, "a", key="two")
    recall.turn()
    counted(recall, made, "a", key="one")
    recall.turn()
    assert counted(recall, made, "a", key="one") == 1
    assert counted(recall, made, "a", key="two") == 3


def test_what_is_made_on_the_way_is_kept_while_the_whole_is() -> None:
    recall, made = Recall(), list[Any]()

    def whole(*of: object) -> Any:
        value = recall.made("whole", of, lambda within: counted(within, made, "inner"))
        recall.turn()
        return value

    assert [whole("a"), whole("a"), whole("a"), whole("b"), whole("c")] == [1] * 5


def test_a_failure_forgets_nothing() -> None:
    recall, made = Recall(), list[Any]()
    counted(recall, made, "a")
    recall.turn()
    with pytest.raises(ZeroDivisionError):
        recall.made("k", ("b",), lambda _: 1 // 0)
    assert counted(recall, made, "a") == 1


def test_settled_things_are_their_former_selves() -> None:
    recall = Recall()
    one, other = Thing(), Thing()
    first = recall.settled("k", [one], by=type)
    recall.turn()
    assert recall.settled("k", [other], by=type) is first
    recall.turn()
    assert recall.settled("k", [other, 5], by=type)[0] is one
    recall.turn()
    assert recall.settled("k", [other], by=type, same=lambda *_: False)[0] is other
