"""Colours: what a CSS name stands for, and which text can be read on it."""

from __future__ import annotations

from typing import Literal

import webcolors

_DARK = 0.04045
"""Up to here, sRGB is linear."""


def rgb_of(name: str) -> tuple[int, int, int]:
    """Red, green and blue (0 to 255) of a CSS colour name. Raises ValueError."""
    red, green, blue = webcolors.name_to_rgb(name)
    return red, green, blue


def text_on(rgb: tuple[int, int, int]) -> Literal["black", "white"]:
    """The colour of text that can be read on a colour: of the two, the one with more contrast, at least 4.5 to 1."""
    black, white = (contrast(rgb, each) for each in ((0, 0, 0), (255, 255, 255)))
    return "black" if black >= white else "white"


def contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    """How well one colour is seen on another: 1 (not at all) to 21 (WCAG 2.2, contrast ratio)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(rgb: tuple[int, int, int]) -> float:
    """WCAG 2.2, relative luminance."""
    red, green, blue = (
        share / 12.92 if share <= _DARK else ((share + 0.055) / 1.055) ** 2.4 for share in (each / 255 for each in rgb)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
