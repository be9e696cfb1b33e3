"""What each calendar says: the occurrences that belong on it, as few UIDs as possible, and the bytes of its feed.

    select          Schedule -> the occurrences of one Calendar, worded for it
    to_series       occurrences -> Series: the configured rule as an RRULE with its exceptions, else single events
    expansion       Series -> instances, by RFC 5545 alone; what the translation is checked against
    identity        UIDs, from the rule and the nominal date
    render          Feed -> bytes; with `text` (escaping) and `vtimezone` (`posix_tz`: the rules behind a zone)

Pure: no clock, no network, no environment. The time zone data that is installed with ircal is the one thing read.
"""

from ircal.feeds.expansion import Instance, expand_series
from ircal.feeds.feed import Feed, make_feed
from ircal.feeds.render import render, revision_keys

__all__ = ["Feed", "Instance", "expand_series", "make_feed", "render", "revision_keys"]
