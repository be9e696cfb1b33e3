"""What each calendar says: the occurrences that belong on it, as few UIDs as possible, and the bytes of its feed.

    groups          Schedule -> what may become one series, each occurrence beside the slot of its rule
    select          which occurrences belong on a Calendar
    wording         how they are worded there
    to_series       occurrences -> Series: the configured rule as an RRULE with its exceptions, else single events
    expansion       Series -> instances, by RFC 5545 alone; what the translation is checked against
    removed         Series -> what is remembered of them, and from that what a feed says when they are gone
    identity        UIDs, from the rule and the nominal date
    render          Feed -> bytes; with `text` (escaping) and `vtimezone` (`posix_tz`: the rules behind a zone)

Pure: no clock, no network, no environment. The time zone data that is installed with ircal is the one thing read.
"""

from ircal.feeds.expansion import Instance, expand_series
from ircal.feeds.feed import Feed, make_feed, make_feeds
from ircal.feeds.removed import removed_series, said
from ircal.feeds.render import Written, render, revision_keys

__all__ = [
    "Feed",
    "Instance",
    "Written",
    "expand_series",
    "make_feed",
    "make_feeds",
    "removed_series",
    "render",
    "revision_keys",
    "said",
]
