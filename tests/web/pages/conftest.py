"""The pages of the example programme behind a real server, on a morning in December."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from playwright.sync_api import Browser, sync_playwright
from starlette.responses import Response

from ircal.config import load
from ircal.recall import Recall
from ircal.service import build_feeds, default_window, kept_years
from ircal.service.build import Before
from ircal.store import MemoryStore
from ircal.views import Ground
from ircal.views.ground import Published
from ircal.web import Health, Opened, create_app
from ircal.web.pages import PageRules, create_pages, hash_password
from ircal.web.pages.session import Sessions
from tests.web.conftest import Feeds, Running
from tests.web.pages.browser import SWITCHES
from tools import chromium

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ircal.errors import Problem

NOW = datetime(2026, 12, 1, 15, 20, tzinfo=UTC)
"""10:20 on a Tuesday in Boston."""
BASE_URL = "https://calendars.example.edu"
PASSWORD = "correct horse battery staple"
HASHED = hash_password(PASSWORD)
ASHS_SECRET = "Ash-Secret_0123456789abcdefghijkl"
CLASS_SECRET = "Class-Secret_0123456789abcdefghij"
EXAMPLE = Path(__file__).parents[3] / "config"


@dataclass
class Programme:
    """A PageSource and a PageDoor that say what a test wants them to say."""

    made: Ground | None
    problems: tuple[Problem, ...] = ()
    secrets: dict[str, Opened] = field(default_factory=dict)
    broken: Exception | None = None

    def ground(self) -> Ground | None:
        if self.broken:
            raise self.broken
        return self.made

    def opened_by(self, secret: str) -> Opened | None:
        return self.secrets.get(secret)

    def fetched(self, calendar: str) -> datetime | None:
        found = [each.fetched for each in self.secrets.values() if each.calendar == calendar and each.fetched]
        return max(found, default=None)


@pytest.fixture(scope="session")
def ground() -> Ground:
    """All that follows from the example programme."""
    return ground_of_example()


def ground_of_example() -> Ground:
    """The same, for those who are no test."""
    recall = Recall()
    program = load(EXAMPLE, recall)
    today = NOW.astimezone(program.settings.zone).date()
    window = default_window(today, program, 2)
    built = build_feeds(program, window, MemoryStore(), NOW, Before(recall=recall))
    feeds = {name: Published(each.feed, each.last_modified) for name, each in built.items()}
    return Ground.of(program, kept_years(program, window), feeds, today, recall)


@pytest.fixture(scope="session")
def disturbed() -> Ground:
    """The example, when somebody has left a hole in the sixth block, and others must be in two places at once."""
    table = (EXAMPLE / "blocks" / "2026-27.csv").read_text()
    birch = "birch,core,core,peds-ir,peds-ir,core,"
    assert f"{birch}core," in table
    recall = Recall()
    rules = (EXAMPLE / "conferences.yaml").read_text()
    noon = "name: Vascular conference\n    when: Tu 12:00-13:00"
    assert noon in rules
    files = {
        "blocks/2026-27.csv": table.replace(f"{birch}core,", f"{birch},").encode(),
        "conferences.yaml": rules.replace(noon, noon.replace("12:00-13:00", "07:00-07:30")).encode(),
    }
    program = load(EXAMPLE, recall, files)
    today = NOW.astimezone(program.settings.zone).date()
    return Ground.of(program, kept_years(program, default_window(today, program, 1)), {}, today, recall)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a process."""
    found = chromium.find()
    if found is None:
        pytest.fail(chromium.ADVICE)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=SWITCHES)
        yield started
        started.close()


@pytest.fixture(scope="session")
def site(ground: Ground) -> Iterator[str]:
    """Where everybody may look at the pages of the example, all tests together."""
    fetched = datetime(2026, 12, 1, 11, 5, tzinfo=UTC)
    secrets = {ASHS_SECRET: Opened("resident-ash", fetched), CLASS_SECRET: Opened("class-2031", None)}
    with serving(Programme(ground, secrets=secrets), replace(rules_of(), open_to_all=True)) as url:
        yield url


@pytest.fixture
def programme(ground: Ground) -> Programme:
    fetched = datetime(2026, 12, 1, 11, 5, tzinfo=UTC)
    return Programme(ground, secrets={ASHS_SECRET: Opened("resident-ash", fetched)})


@pytest.fixture
def rules() -> PageRules:
    """What a test changes with `replace`: nobody sees anything without signing in."""
    return rules_of()


def rules_of() -> PageRules:
    """The same, for fixtures that several tests share."""
    return PageRules(base_url="http://127.0.0.1", secret=b"s" * 32, password_hash=HASHED, wrong_per_minute=1000)


@contextmanager
def serving(
    programme: Programme,
    rules: PageRules,
    clock: Callable[[], datetime] = lambda: NOW,
    trusted_proxies: tuple[str, ...] = (),
    ended: MemoryStore | None = None,
    **more: Any,
) -> Iterator[str]:
    """The pages at the address that is given; `more` is what else they are made with."""
    pages = create_pages(programme, programme, rules, clock, ended=ended or MemoryStore(), **more)
    program = programme.made
    feeds = Feeds({}, Health(loaded=program is not None, feeds=0, problems=0))
    app = create_app(feeds, feeds, feeds_by_id=False, clock=clock, wrong_per_minute=1000, pages=pages)
    running = Running(app, trusted_proxies)
    try:
        yield f"http://127.0.0.1:{running.port}"
    finally:
        running.stop()


@pytest.fixture
def client(programme: Programme, rules: PageRules) -> Iterator[httpx.Client]:
    """Somebody who looks at the pages by these rules."""
    with serving(programme, rules) as url, browser_at(url) as made:
        yield made


def browser_at(url: str) -> httpx.Client:
    """What keeps cookies and follows nothing by itself."""
    return httpx.Client(base_url=url, trust_env=False)


def coordinator_at(url: str) -> httpx.Client:
    """The same of somebody who has signed in by the usual rules: to look at a password takes long, on purpose."""
    client = browser_at(url)
    response = Response()
    Sessions(rules_of(), MemoryStore()).begin(response)
    name, value = response.headers["set-cookie"].partition(";")[0].split("=", 1)
    client.cookies.set(name, value)
    return client
