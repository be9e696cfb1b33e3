"""The service: from the configuration to feeds, once (`build_feeds`) or for as long as it runs (`serve`).

    build       programme -> the bytes of every feed, with the revisions that the store remembers
    book        the last good edition of them, and what is wrong with a newer configuration
    door        whom a secret address lets in
    leavers     when a link ends by itself
    folder      whether the configuration has changed, without reading it each time
    serving     the server, the watch over the configuration, and how both stop
    shelf       the books of several programmes, and `many`, their server

What wakes the service carries no work: `FeedBook.refresh` looks at both sides itself, and may be called at any time.
"""

from ircal.service.book import FeedBook
from ircal.service.build import (
    Before,
    BuiltFeed,
    build_feeds,
    default_window,
    kept_years,
    publishable_feeds,
    schedule_of,
)
from ircal.service.leavers import Leavers, owner_of
from ircal.service.many import ShelfServer
from ircal.service.pushing import is_shared
from ircal.service.serving import FeedServer, serve
from ircal.service.working import work

__all__ = [
    "Before",
    "BuiltFeed",
    "FeedBook",
    "FeedServer",
    "Leavers",
    "ShelfServer",
    "build_feeds",
    "default_window",
    "is_shared",
    "kept_years",
    "owner_of",
    "publishable_feeds",
    "schedule_of",
    "serve",
    "work",
]
