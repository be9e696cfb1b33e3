"""The service: feeds built once (`build_feeds`), or served and pushed for as long as it runs (`serve`, `work`).

    a file is saved, Google tells, a timer runs out, somebody asks
        | triggers    mark calendars due; they carry no work
        v
    the store remembers what is due, with a generation that each trigger raises
        | queue       nudges workers; what a nudge misses, a sweep finds
        v
    runs            a worker holds the calendar, reads both sides again, and makes it true

What is wanted comes the other way:

    files, folder   whether the configuration has changed
    in_force        the last programme that was good, kept in the store; what it says of every calendar
    book, build     and the bytes of every feed, with the revisions that the store remembers
    lookout, timers the thread that looks at files and clock, and makes due what is different
    pushing         the workers of a process
    serving         `ircal serve`: all of this, and the web server
    shelf, many     the books of several programmes, and their server; away: what is known of the others
    working         `ircal worker`: the workers alone, beside others
    door, leavers   whom a secret address lets in, and until when
    watching, webhooks, listening, pulling      that Google and git hosts tell us
    pages, metrics  what people and machines are shown
    site, shelf_site the pages of one programme with all that is behind them, and those of several
    desk, standing  what coordinators are told of Google calendars, and have done to them

A lost or doubled trigger does no harm, and the next run mends one that was cut short.
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
    "kept_years",
    "owner_of",
    "publishable_feeds",
    "schedule_of",
    "serve",
    "work",
]
