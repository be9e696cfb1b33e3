"""Colours: what a CSS name stands for, and which text can be read on it."""

from __future__ import annotations

from typing import Literal

import webcolors

_BRIGHT = 140
"""The luminance (0 to 255) above which black text reads better than white."""


def rgb_of(name: str) -> tuple[int, int, int]:
    """Red, green and blue (0 to 255) of a CSS colour name. Raises ValueError."""
    red, green, blue = webcolors.name_to_rgb(name)
    return red, green, blue


def text_on(rgb: tuple[int, int, int]) -> Literal["black", "white"]:
    """The colour of text that can be read on a colour."""
    red, green, blue = rgb
    return "black" if 0.299 * red + 0.587 * green + 0.114 * blue > _BRIGHT else "white"
