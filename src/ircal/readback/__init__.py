"""Reading a published feed back, as a phone does, to see that it says what the programme says.

    source      a file or an address -> bytes, within limits
    entries     bytes -> dated entries, by other people's code
    compare     entries against the programme's occurrences

Whatever is published goes through a web server, a bucket, a CDN; each may hand out an old copy, half of one, or
another's. Nothing that wrote the feed is used to read it: what the two share could hide a mistake of the writer. Every
feed is taken to be hostile until it is read.
"""

from ircal.readback.compare import Comparison, Difference, compare, expected_entry
from ircal.readback.entries import Entry, FeedText, printable, read_feed
from ircal.readback.source import fetch, name_in, shown

__all__ = [
    "Comparison",
    "Difference",
    "Entry",
    "FeedText",
    "compare",
    "expected_entry",
    "fetch",
    "name_in",
    "printable",
    "read_feed",
    "shown",
]
