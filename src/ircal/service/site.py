"""The pages of one programme, with all that is behind them: its ground, its desk, and what tries out sheets for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, Protocol

from ircal.service.desk import RunDesk
from ircal.service.pages import PageBook, rules_of
from ircal.settings import Settings
from ircal.store import key_of
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


class ProgrammeSite:
    """A `Site` of one programme. Raises SettingsError for what cannot be meant."""

    def __init__(self, about: About, around: Around) -> None:
        from ircal.web.pages import create_pages  # noqa: PLC0415 only those who serve shall wait for it

        self.book = about.book
        self._ground = PageBook(self.book)
        self.desk = _desk_of(about, around, around.hands) if around.hands else None
        self.app = create_pages(
            self._ground,
            about.door,
            rules_of(about.settings, around.url, about.name),
            around.clock,
            ended=around.store,
            trier=around.trier(about.settings) if around.trier else None,
            desk=self.desk,
        )

    def prepare(self) -> None:
        """Work out what is new."""
        self._ground.prepare()


def _desk_of(about: About, around: Around, hands: DeskHands) -> RunDesk:
    return RunDesk(
        about.settings,
        about.store,
        about.book,
        about.triggers,
        hands=hands,
        within=key_of(about.name, "") if about.name else "",
        clock=around.clock,
        stop=around.stop,
        is_stopping=around.is_stopping,
    )
