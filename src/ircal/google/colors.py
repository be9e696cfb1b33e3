"""Colours: a CSS colour name as the nearest of the eleven that a Google event can have.

Google's palette is fixed and has names of its own; what is compared are the colours that its web calendar paints. What
people mean by a colour is its hue first (navy is a blue, however dark), so they are compared as lightness, chroma and
hue (OKLCH), the hue counting most; what has next to no chroma is grey. OKLCH is that of CSS Color Level 4.
"""

from __future__ import annotations

import math
from functools import cache

import webcolors

EVENT_COLORS = {
    "1": "7986cb",  # Lavender
    "2": "33b679",  # Sage
    "3": "8e24aa",  # Grape
    "4": "e67c73",  # Flamingo
    "5": "f6bf26",  # Banana
    "6": "f4511e",  # Tangerine
    "7": "039be5",  # Peacock
    "8": "616161",  # Graphite
    "9": "3f51b5",  # Blueberry
    "10": "0b8043",  # Basil
    "11": "d50000",  # Tomato
}
"""Google's event colours by `colorId` (API reference, `colors.get`), as the web calendar paints them."""

CSS_COLORS = {name: webcolors.name_to_hex(name).removeprefix("#") for name in webcolors.names(webcolors.CSS3)}
"""CSS colour names (those of RFC 7986's COLOR) and what they are, as six hex digits."""

_GREY = "8"
_GREY_BELOW = 0.04
"""Chroma under which a colour has no hue to speak of."""
_LIGHTNESS_WEIGHT, _CHROMA_WEIGHT = 50, 90
"""What the whole range of lightness, and a chroma of 1, count in degrees of hue."""

# Oklab: linear sRGB to the response of the cones, and its cube root to lightness and two opponent colours.
_TO_LMS = (
    (0.41222147, 0.53633254, 0.05144599),
    (0.21190350, 0.68069955, 0.10739696),
    (0.08830246, 0.28171884, 0.62997870),
)
_TO_LAB = (
    (0.21045426, 0.79361778, -0.00407205),
    (1.97799850, -2.42859221, 0.45059371),
    (0.02590404, 0.78277177, -0.80867577),
)
_LINEAR_BELOW = 0.04045

_Triple = tuple[float, float, float]


@cache
def color_id(css_name: str) -> str | None:
    """The `colorId` nearest to a CSS colour name; None, which is the calendar's own colour, for an unknown name."""
    digits = CSS_COLORS.get(css_name.strip().lower())
    if digits is None:
        return None
    wanted = _lch(digits)
    if wanted[1] < _GREY_BELOW:
        return _GREY
    hues = (number for number in EVENT_COLORS if number != _GREY)
    return min(hues, key=lambda number: _distance(_lch(EVENT_COLORS[number]), wanted))


def _distance(one: _Triple, other: _Triple) -> float:
    lightness, chroma, hue = (a - b for a, b in zip(one, other, strict=True))
    turn = (hue + 180) % 360 - 180
    return math.hypot(lightness * _LIGHTNESS_WEIGHT, chroma * _CHROMA_WEIGHT, turn)


def _lch(digits: str) -> _Triple:
    """Lightness (0 to 1), chroma (0 to about 0.4) and hue (in degrees) of an sRGB colour."""
    red, green, blue = (_linear(int(digits[at : at + 2], 16) / 255) for at in (0, 2, 4))
    long, medium, short = (math.cbrt(part) for part in _times(_TO_LMS, (red, green, blue)))
    lightness, a, b = _times(_TO_LAB, (long, medium, short))
    return lightness, math.hypot(a, b), math.degrees(math.atan2(b, a))


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= _LINEAR_BELOW else ((channel + 0.055) / 1.055) ** 2.4


def _times(matrix: tuple[_Triple, _Triple, _Triple], vector: _Triple) -> _Triple:
    one, two, three = (sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)
    return one, two, three
