"""What a list request asks for, read from its query string; combinations that the API refuses are refused here."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from ircal.google.sandbox.errors import BadRequest, Invalid, TimeRangeEmpty
from ircal.google.sandbox.instances import Window
from ircal.google.sandbox.times import read_timestamp, zone

DEFAULT_PAGE = 250
MAX_PAGE = 2500

_T = TypeVar("_T")

_NOT_WITH_SYNC_TOKEN = (
    "iCalUID",
    "orderBy",
    "privateExtendedProperty",
    "q",
    "sharedExtendedProperty",
    "timeMax",
    "timeMin",
    "updatedMin",
)


@dataclass(frozen=True)
class Query:
    """The parameters of `events.list` and `events.instances`, parsed; the defaults are the API's."""

    single_events: bool = False
    show_deleted: bool = False
    max_results: int = DEFAULT_PAGE
    page_token: str = ""
    sync_token: str = ""
    time_zone: str = ""
    window: Window = field(default_factory=Window)
    updated_min: datetime | None = None
    order_by: str = ""
    text: str = ""
    uid: str = ""
    private: tuple[tuple[str, str], ...] = ()
    shared: tuple[tuple[str, str], ...] = ()
    event_types: tuple[str, ...] = ()
    original_start: datetime | None = None

    @property
    def fingerprint(self) -> str:
        """What must stay the same from page to page."""
        asked = replace(self, page_token="", max_results=DEFAULT_PAGE, time_zone="")
        return hashlib.sha256(repr(asked).encode()).hexdigest()[:16]


def read_query(parameters: Sequence[tuple[str, str]]) -> Query:
    """Read a decoded query string; parameters that do not concern lists are ignored, as Google ignores many."""
    given = _Parameters(parameters)
    if given.text("syncToken"):
        _check_sync(given)
    query = Query(
        single_events=given.flag("singleEvents"),
        show_deleted=given.flag("showDeleted"),
        max_results=given.count("maxResults"),
        page_token=given.text("pageToken"),
        sync_token=given.text("syncToken"),
        time_zone=given.zone("timeZone"),
        window=_window(given),
        updated_min=given.time("updatedMin"),
        order_by=given.text("orderBy"),
        text=given.text("q"),
        uid=given.text("iCalUID"),
        private=given.pairs("privateExtendedProperty"),
        shared=given.pairs("sharedExtendedProperty"),
        event_types=tuple(given.every("eventTypes")),
        original_start=given.time("originalStart"),
    )
    _check_order(query)
    return query


@dataclass(frozen=True)
class _Parameters:
    """The raw parameters, with a reader for each kind of value."""

    items: Sequence[tuple[str, str]]

    def every(self, name: str) -> list[str]:
        return [value for key, value in self.items if key == name]

    def text(self, name: str) -> str:
        return next(iter(self.every(name)), "")

    def flag(self, name: str) -> bool:
        return self._read(name, {"": False, "false": False, "true": True}.__getitem__)

    def count(self, name: str) -> int:
        number = self._read(name, lambda text: int(text) if text else DEFAULT_PAGE)
        if number < 1:
            raise Invalid(location=name)
        return min(number, MAX_PAGE)

    def zone(self, name: str) -> str:
        return self._read(name, lambda text: zone(text).key if text else "")

    def time(self, name: str) -> datetime | None:
        text = self.text(name)
        return read_timestamp(text, name) if text else None

    def pairs(self, name: str) -> tuple[tuple[str, str], ...]:
        split = [value.partition("=") for value in self.every(name)]
        if not all(equals for _, equals, _ in split):
            raise Invalid(location=name)
        return tuple((key, value) for key, _, value in split)

    def _read(self, name: str, reader: Callable[[str], _T]) -> _T:
        try:
            return reader(self.text(name))
        except (KeyError, ValueError):
            raise Invalid(location=name) from None


def _check_sync(given: _Parameters) -> None:
    for name in _NOT_WITH_SYNC_TOKEN:
        if given.every(name):
            raise BadRequest(f"Sync token cannot be used with {name}.", location=name)
    if given.text("showDeleted") == "false":
        raise BadRequest("Sync token cannot be used with showDeleted set to false.", location="showDeleted")


def _window(given: _Parameters) -> Window:
    window = Window(after=given.time("timeMin"), before=given.time("timeMax"))
    if window.after and window.before and window.before <= window.after:
        raise TimeRangeEmpty(location="timeMax")
    return window


def _check_order(query: Query) -> None:
    if query.order_by not in {"", "startTime", "updated"}:
        raise Invalid(location="orderBy")
    if query.order_by == "startTime" and not query.single_events:
        raise BadRequest("The requested ordering is not available for the particular query.", location="orderBy")
