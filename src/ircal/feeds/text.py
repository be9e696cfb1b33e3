r"""Texts as RFC 5545 lets them be written: TEXT and URI values that cannot end their line or begin another property.

People write what they like, and paste what they like. Line breaks of every kind become `\n`, which is escaped;
control characters are left out, for RFC 5545 section 3.1 allows none but the tab; half a surrogate pair, which is no
character, becomes U+FFFD. Everything else stays, emoji too.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from icalendar import vText

if TYPE_CHECKING:
    from icalendar.cal.component import Component

_BREAKS = re.compile("\r\n|[\r\n\v\f\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_URI_CHARACTERS = "%:/?#[]@!$&'()*+,;=-._~"
"""What RFC 3986 allows in a URI besides letters and digits, `%` for what is already quoted."""


def clean(text: str) -> str:
    """The text without control characters, each of its line breaks a newline."""
    return _SURROGATES.sub("\ufffd", _CONTROLS.sub("", _BREAKS.sub("\n", text)))


def one_line(text: str) -> str:
    """The text cleaned, in one line without space around it: for names and titles."""
    return " ".join(clean(text).split("\n")).strip()


def uri(text: str) -> str:
    """The text as a URI: cleaned, and what no URI may hold percent-quoted."""
    return quote(one_line(text), safe=_URI_CHARACTERS)


def escaped(text: str) -> str:
    r"""A TEXT value as it is written (RFC 5545 section 3.3.11): with `\\`, `\;`, `\,` and `\n`."""
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


class Text(vText):
    r"""A TEXT value escaped as RFC 5545 section 3.3.11 says.

    The library's own takes a backslash before an N, as in `C:\New`, for a line break.
    """

    __slots__ = ()

    def to_ical(self) -> bytes:
        """The escaped value."""
        return escaped(self).encode()


_OCTETS = 75
"""The most that a line may have without its break (RFC 5545 section 3.1)."""
_LEADING_BITS, _CONTINUES = 0b1100_0000, 0b1000_0000
"""How UTF-8 tells that an octet continues a character (RFC 3629 section 3)."""


def written(component: Component) -> bytes:
    """The content lines of a component, folded, each ended by CRLF.

    The library's own way to a line, and to where it is cut, takes half of the time of a whole feed.
    """
    return b"".join(fold(_line(name, value)) for name, value in component.property_items())


def _line(name: str, value: Any) -> str:
    """`NAME;PARAMETER=...:VALUE`; the names of components come as bytes."""
    if isinstance(value, bytes):
        return f"{name}:{value.decode()}"
    parameters = _decoded(value.params.to_ical()) if value.params else ""
    return f"{name}{';' if parameters else ''}{parameters}:{_decoded(value.to_ical())}"


def _decoded(written: bytes | str) -> str:
    return written.decode() if isinstance(written, bytes) else written


def fold(line: str) -> bytes:
    r"""A content line in physical lines of at most 75 octets, never cut inside a character or an escape (`\n`, `^n`).

    Unfolding would join a cut escape again, but there are clients that unescape first.
    """
    rest, width, parts = line.encode(), _OCTETS, []
    while len(rest) > width:
        cut = width
        while rest[cut] & _LEADING_BITS == _CONTINUES:
            cut -= 1
        for mark in (b"\\", b"^"):
            cut -= (cut - len(rest[:cut].rstrip(mark))) % 2  # of an even row of them, each has its pair
        parts.append(rest[:cut])
        rest, width = rest[cut:], _OCTETS - 1
    return b"\r\n ".join((*parts, rest)) + b"\r\n"
