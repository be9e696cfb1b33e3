"""How to subscribe to a feed: an address for each calendar program, and how long each takes to notice a change.

The times are what people report; the vendors promise none.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

_GOOGLE = "https://calendar.google.com/calendar/r?cid="
_OUTLOOK = "https://outlook.office.com/calendar/0/addfromweb?"


@dataclass(frozen=True, slots=True)
class Way:
    """One kind of calendar program: its name, the address that it subscribes by, and when it looks again."""

    program: str
    address: str
    refresh: str


@dataclass(frozen=True, slots=True)
class Subscription:
    """The address of a feed, for copying, and the ways to subscribe to it."""

    address: str
    ways: tuple[Way, ...]


def subscription_to(address: str, name: str) -> Subscription:
    """The ways to subscribe to the feed at an http(s) address; `name` is what Outlook calls it."""
    _, _, rest = address.partition("://")
    webcal = f"webcal://{rest}"
    outlook = f"{_OUTLOOK}url={quote(address, safe='')}&name={quote(name, safe='')}"
    ways = (
        Way(
            "Apple", webcal, "iPhone and iPad look again every hour to every day, as set under Fetch; a Mac every hour."
        ),
        Way(
            "Google",
            f"{_GOOGLE}{quote(webcal, safe='')}",
            "Google looks again every 4 to 24 hours, and has no button for it.",
        ),
        Way("Outlook", outlook, "Outlook on the web and on phones looks again about every 3 hours."),
    )
    return Subscription(address, ways)
