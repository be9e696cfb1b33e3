"""Working out again only what has changed.

Most of an edited programme is what it was before the edit. A `Recall` keeps results by a key, each beside what it was
made of, and gives a result again while it would be made of the very same things. "The same" is the same object, not an
equal one: comparing two objects by identity costs nothing, and an equal Occurrence may come from another line. So what
is made anew should be settled, that is exchanged for its former self where nothing about it is different:

    text of a file ----made----> values ----settled----> made ----> occurrences ----settled----> made ----> series ...

Whoever is asked for a pure function's result may be given it from here. Nothing but time is lost with a Recall.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from itertools import takewhile
from operator import eq, is_
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

T = TypeVar("T")

Parts = tuple[object, ...]

_COMPARED = frozenset({str, bytes, int, float, bool, date})
"""Plain values, of which an equal one is the same one. A datetime is not among them: its zone takes no part."""


@dataclass(frozen=True, slots=True)
class _Result:
    """What was made, what of, and what was made on the way."""

    of: Parts
    value: object
    within: Recall | None


@dataclass(slots=True)
class Recall:
    """The results of the last round, and those of the one under way. Not for two threads at once."""

    _last: dict[Hashable, _Result] = field(default_factory=dict)
    _now: dict[Hashable, _Result] = field(default_factory=dict)

    def made(self, key: Hashable, of: Parts, make: Callable[[Recall], T]) -> T:
        """What was made under this key of the same things, else what `make` makes of them now.

        `make` is handed a Recall of its own, for what it makes on the way; that one's rounds are the calls of `make`.
        It outlives a change of what the whole is made of, so what is made on the way must name all that it is made of.
        """
        known = self._now.get(key) or self._last.get(key)
        if known is None or not _same(known.of, of):
            within = known.within if known and known.within else Recall()
            known = _Result(of, make(within), within)
            within.turn()
        self._now[key] = known
        return cast("T", known.value)

    def kept(self, key: Hashable, of: Parts, make: Callable[[], T]) -> T:
        """The same, for what makes nothing on the way."""
        known = self._now.get(key) or self._last.get(key)
        if known is None or not _same(known.of, of):
            known = _Result(of, make(), None)
        self._now[key] = known
        return cast("T", known.value)

    def settled(
        self,
        key: Hashable,
        items: Iterable[T],
        by: Callable[[T], Hashable] = lambda item: cast("Hashable", item),
        same: Callable[[T, T], bool] = eq,
    ) -> tuple[T, ...]:
        """The items, each exchanged for the one that was settled under this key before if it is the `same`.

        `by` tells which one that may be; what is the `same` is called the same. When nothing at all is different, it is
        the former tuple itself.
        """
        known = self._now.get(key) or self._last.get(key)
        if known is None:
            former = fresh = tuple(items)
        else:
            former = cast("tuple[T, ...]", known.value)
            fresh = _exchanged(former, tuple(items), by, same)
        if known is None or not _same(fresh, former):
            known, former = _Result((), fresh, None), fresh
        self._now[key] = known
        return former

    def turn(self) -> None:
        """End the round: what was not asked for in it is forgotten."""
        self._last, self._now = self._now, {}


def _exchanged(
    former: tuple[T, ...], items: tuple[T, ...], by: Callable[[T], Hashable], same: Callable[[T, T], Any]
) -> tuple[T, ...]:
    """The items, each exchanged for the former one that is the same.

    Most edits change them in one place, so that those before it and after it are looked for only where they were.
    """
    ahead = _alike(former, items, same)
    behind = _alike(former[ahead:][::-1], items[ahead:][::-1], same)
    last, end = len(former) - behind, len(items) - behind
    named = {by(item): item for item in former[ahead:last]}
    between = tuple(_former(named.get(by(item)), item, same) for item in items[ahead:end])
    return (*former[:ahead], *between, *former[last:])


def _alike(former: Iterable[T], items: Iterable[T], same: Callable[[T, T], Any]) -> int:
    """How many of the first are the same in both."""
    pairs = zip(former, items, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] is pair[1] or same(*pair), pairs))


def _former(known: T | None, item: T, same: Callable[[T, T], Any]) -> T:
    return known if known is not None and same(known, item) else item


def _same(known: Parts, now: Parts) -> bool:
    if len(known) != len(now):
        return False
    return all(map(is_, known, now)) or all(
        one is other or (type(one) is type(other) and type(one) in _COMPARED and one == other)
        for one, other in zip(known, now, strict=True)
    )
