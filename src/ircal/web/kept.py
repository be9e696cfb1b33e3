"""What was worked out of one ground is kept until there is another one: pages are read much more often than edited."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from ircal.views import Ground

T = TypeVar("T")


class Kept:
    """By a key. Two threads that ask at once may both work it out, and get the same."""

    def __init__(self) -> None:
        self._of: Ground | None = None
        self._made: dict[Hashable, object] = {}

    def made(self, ground: Ground, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` makes of that ground, or made before. Every key belongs to one kind of thing."""
        if self._of is not ground:
            self._of, self._made = ground, {}
        made = self._made
        if key not in made:
            made[key] = make()
        return cast("T", made[key])
