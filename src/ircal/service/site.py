"""The pages of one programme, with all that is behind them: its ground, its desk, and what tries out sheets for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, Protocol

from ircal.service.desk import RunDesk
from ircal.service.pages import PageBook, pages_of
from ircal.settings import Settings
from ircal.web import Trier

if TYPE_CHECKING:
    from datetime import datetime

    from starlette.types import ASGIApp

    from ircal.service.book import FeedBook
    from ircal.service.desk import DeskHands
    from ircal.service.runs.holding import Halt
    from ircal.service.triggers import Triggers
    from ircal.store import Store
    from ircal.web.pages import PageDoor

Triers = Callable[[Settings], Trier]
"""What makes that which tries out sheets for a programme, by the settings of it."""


class Around(NamedTuple):
    """What the pages of all programmes of a process share.

    People reach them at `url`. `store` is the whole one, `hands` are what desks ask Google by, if they do. `stop` halts
    what is under way, and `is_stopping` is true before that.
    """

    url: str
    store: Store
    clock: Callable[[], datetime]
    stop: Halt
    is_stopping: Callable[[], bool]
    hands: DeskHands | None = None
    trier: Triers | None = None


class About(NamedTuple):
    """What the pages of one programme are about: its settings, its part of the store, and the links to it.

    `name` is what it is called where there are several, and empty otherwise.
    """

    settings: Settings
    store: Store
    book: FeedBook
    door: PageDoor
    triggers: Triggers
    name: str = ""


class Site(Protocol):
    """All pages of a process."""

    app: ASGIApp

    def prepare(self) -> None:
        """Work out what is new, so that nobody has to wait for it. Raises nothing."""

    def close(self) -> None:
        """Let go of what they had."""


class ProgrammeSite:
    """A `Site` of one programme. Raises SettingsError for what cannot be meant."""

    def __init__(self, about: About, around: Around) -> None:
        self.book = about.book
        self._ground = PageBook(self.book)
        self.desk = _desk_of(about, around, around.hands) if around.hands else None
        self.app = pages_of(
            self._ground,
            about.door,
            about.settings,
            around.url,
            around.clock,
            around.store,
            around.trier(about.settings) if around.trier else None,
            self.desk,
            about.name,
        )

    def prepare(self) -> None:
        """Work out what is new."""
        self._ground.prepare()

    def close(self) -> None:
        """Let the desk hold nothing."""
        if self.desk:
            self.desk.close()


def _desk_of(about: About, around: Around, hands: DeskHands) -> RunDesk:
    return RunDesk(
        about.settings,
        about.store,
        about.book,
        about.triggers,
        hands=hands,
        clock=around.clock,
        stop=around.stop,
        is_stopping=around.is_stopping,
    )
