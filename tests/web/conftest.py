"""The application behind a real server, on a free port of this machine, with feeds that a test may exchange."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx
import pytest
from starlette.types import ASGIApp

from ircal.web import FeedResource, Health, Hook, create_app, listen, make_server

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
CHANGED = datetime(2026, 8, 31, 7, 30, 15, tzinfo=UTC)
BODY = b"BEGIN:VCALENDAR\r\n" + b"X-FILLER:\xc3\xa9\r\n" * 100 + b"END:VCALENDAR\r\n"
SECRET = "Ada-Secret_0123456789abcdefghijk"
PUBLIC_SECRET = "Grand-Rounds-Secret_0123456789ab"


@dataclass
class Feeds:
    """A FeedSource and a Door that say what a test wants them to say."""

    by_calendar: dict[str, FeedResource]
    state: Health
    secrets: dict[str, str] = field(default_factory=dict)
    now: datetime = NOW
    broken: Exception | None = None
    away: dict[str, dict[str, FeedResource]] = field(default_factory=dict)
    """The calendars that are to be fetched, with what there is then."""
    unseen: dict[str, str] | None = None
    """The secrets of another process, which the door knows once it has looked."""

    def feed(self, calendar: str) -> FeedResource | None:
        return self.by_calendar.get(calendar)

    def is_away(self, calendar: str) -> bool:
        return calendar in self.away

    def fetch(self, calendar: str) -> None:
        self.by_calendar |= self.away.get(calendar, {})
        if calendar in self.by_calendar:
            del self.away[calendar]

    def health(self) -> Health:
        return self.state

    def is_stale(self) -> bool:
        return self.unseen is not None

    def look(self) -> None:
        self.secrets, self.unseen = self.unseen or {}, None

    def calendar_of(self, secret: str) -> str | None:
        if self.broken:
            raise self.broken
        return self.secrets.get(secret)

    def clock(self) -> datetime:
        return self.now


@pytest.fixture
def feeds() -> Feeds:
    return Feeds(
        by_calendar={
            "ada": FeedResource("ada", BODY, CHANGED),
            "rounds": FeedResource("rounds", BODY, CHANGED, public=True),
        },
        state=Health(loaded=True, feeds=2, problems=0),
        secrets={SECRET: "ada", PUBLIC_SECRET: "rounds", "Gone-Secret_0123456789abcdefghi": "nobody"},
    )


@pytest.fixture(params=[False])
def feeds_by_id(request: pytest.FixtureRequest) -> bool:
    """Whether private feeds are served under their id; a test asks for True by indirect parametrization."""
    return bool(request.param)


class Running:
    """The application behind a real server, in a thread."""

    def __init__(self, app: ASGIApp, trusted_proxies: tuple[str, ...] = ()) -> None:
        self._server = make_server(app, trusted_proxies)
        self._listener = listen("127.0.0.1", 0)
        self.port = int(self._listener.getsockname()[1])
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._listener]})
        self._thread.start()

    def stop(self) -> None:
        """Stop it, if it still runs; every request has then been logged, which happens after it is answered."""
        self._server.should_exit = True
        self._thread.join(timeout=30)
        self._listener.close()


def app_of(feeds: Feeds, feeds_by_id: bool = False, wrong_per_minute: int = 1000) -> ASGIApp:
    return create_app(feeds, feeds, feeds_by_id=feeds_by_id, clock=feeds.clock, wrong_per_minute=wrong_per_minute)


@pytest.fixture
def running(feeds: Feeds, feeds_by_id: bool) -> Iterator[Running]:
    """The application, running while a test does."""
    made = Running(app_of(feeds, feeds_by_id))
    yield made
    made.stop()


@pytest.fixture
def port(running: Running) -> int:
    """The port on which the application runs."""
    return running.port


@pytest.fixture
def client(port: int) -> Iterator[httpx.Client]:
    """A client that asks for plain bytes unless it is told otherwise."""
    headers = {"accept-encoding": "identity"}
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, trust_env=False) as made:
        yield made


@dataclass
class Hooked:
    """A running application whose hooks a test may exchange, and a client for it."""

    hooks: dict[str, Hook]
    client: httpx.Client


@pytest.fixture(scope="module")
def hooked() -> Iterator[Hooked]:
    """One server for all tests of a module that are about hooks."""
    nothing = Feeds({}, Health(loaded=True, feeds=0, problems=0))
    hooks: dict[str, Hook] = {}
    app = create_app(nothing, nothing, feeds_by_id=False, clock=nothing.clock, wrong_per_minute=1000, hooks=hooks)
    made = Running(app)
    with httpx.Client(base_url=f"http://127.0.0.1:{made.port}", trust_env=False, timeout=20) as client:
        yield Hooked(hooks, client)
    made.stop()
