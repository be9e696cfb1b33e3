"""The year as one printed page: an SVG of A3 paper, landscape, for the wall.

It has what people really do, the block schedule with all that wins over it (assignments by dates, swaps); no leave,
and no reasons. Days are laid along the page, so that any grid can be drawn: residents below one another, a bar in its
colour for each stretch of a rotation. Colour is never the only sign: every bar has the rotation's short name, and the
legend spells it out. Lengths are in millimetres.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from ircal.exchange.cells import Wording
from ircal.exchange.table import people_of, title_of
from ircal.model.colours import rgb_of, text_on
from ircal.rules.roster import Roster

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ircal.exchange.frame import Frame
    from ircal.model.rotations import Rotation

_WIDTH, _HEIGHT, _MARGIN = 420, 297, 10
_LABELS = 58
_LEFT, _TOP = _MARGIN + _LABELS, 32
_ACROSS, _LEGEND_ROW = 5, 5.5
_TALLEST_ROW = 18
_FONT = 3.4
_LETTER = 0.62
"""How wide a letter is at the most, as a share of the font's size."""


@dataclass(frozen=True, slots=True)
class _Box:
    """A rectangle on the page."""

    left: float
    top: float
    width: float
    height: float


def as_svg(frame: Frame) -> bytes:
    """The page. It fetches nothing from elsewhere, and is the same whenever it is made."""
    size = f'width="{_WIDTH}mm" height="{_HEIGHT}mm" viewBox="0 0 {_WIDTH} {_HEIGHT}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="Helvetica, Arial, sans-serif">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>',
        *_Page(frame).drawn(),
        "</svg>",
        "",
    ]
    return "\n".join(lines).encode()


class _Page:
    """What is drawn, and where."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._people = people_of(frame)
        self._roster = Roster(frame.program)
        self._wording = Wording.of(frame)

    def drawn(self) -> Iterator[str]:
        yield _text(_MARGIN, _MARGIN + 6, title_of(self._frame), 7, weight="bold")
        yield from self._headings()
        for number in range(len(self._people)):
            yield from self._row(number)
        yield from self._legend()

    @cached_property
    def _drawn(self) -> list[Rotation]:
        """The rotations of the year, by name."""
        start, end = self._frame.blocks[0].start, self._frame.blocks[-1].end
        rows = [self._roster.stretches(person.id) for person, _ in self._people]
        found = {each.rotation for row in rows for each in row if each.start < end and each.end > start}
        return sorted((self._frame.program.rotations[name] for name in found), key=lambda each: (each.name, each.id))

    @property
    def _legend_top(self) -> float:
        return _HEIGHT - _MARGIN - _LEGEND_ROW * -(-len(self._drawn) // _ACROSS)

    @property
    def _height(self) -> float:
        """Of a row."""
        return min(_TALLEST_ROW, (self._legend_top - 6 - _TOP) / max(len(self._people), 1))

    def _headings(self) -> Iterator[str]:
        """Each block's number and days, and a line down the page where it begins."""
        bottom = _TOP + self._height * len(self._people)
        for block in self._frame.blocks:
            left, right = self._x(block.start), self._x(block.end)
            days = f"{block.start:%-d %b} \u2013 {block.end - timedelta(days=1):%-d %b}"
            yield _line(left, _TOP - 12, left, bottom)
            yield _text((left + right) / 2, _TOP - 7, str(block.number), 5, weight="bold", anchor="middle")
            yield _text((left + right) / 2, _TOP - 2, days, _fitting(days, right - left), anchor="middle")
        yield _line(right, _TOP - 12, right, bottom)

    def _row(self, number: int) -> Iterator[str]:
        (person, level), height = self._people[number], self._height
        top = _TOP + height * number
        label = person.name if level is None else f"{person.name}, PGY-{level}"
        size = min(_fitting(label, _LABELS - 2), height * 0.6)
        yield _text(_MARGIN, top + height / 2 + size * 0.35, label, size)
        yield _line(_MARGIN, top + height, _WIDTH - _MARGIN, top + height)
        for stretch in self._roster.stretches(person.id):
            for block in self._frame.blocks:
                if stretch.start < block.end and block.start < stretch.end:
                    part = stretch.within(block.start, block.end)
                    left, right = self._x(part.start), self._x(part.end)
                    yield from self._bar(part.rotation, _Box(left, top + 0.4, right - left, height - 0.8))

    def _legend(self) -> Iterator[str]:
        column = (_WIDTH - 2 * _MARGIN) / _ACROSS
        for number, rotation in enumerate(self._drawn):
            down, across = divmod(number, _ACROSS)
            left, top = _MARGIN + column * across, self._legend_top + _LEGEND_ROW * down
            yield from self._bar(rotation.id, _Box(left, top, 14, _LEGEND_ROW - 1))
            yield _text(left + 16, top + 3.4, rotation.name, _fitting(rotation.name, column - 18))

    def _bar(self, rotation: str, box: _Box) -> Iterator[str]:
        colour, text = self._frame.program.rotations[rotation].color, self._wording.name(rotation)
        red, green, blue = rgb = rgb_of(colour or "white")
        place = f'x="{box.left:.2f}" y="{box.top:.2f}" width="{box.width:.2f}" height="{box.height:.2f}"'
        edge = "white" if colour else "gray"
        yield f'<rect {place} fill="rgb({red},{green},{blue})" stroke="{edge}" stroke-width="0.3"/>'
        size = min(_fitting(text, box.width - 1), box.height * 0.7)
        across, down = box.left + box.width / 2, box.top + box.height / 2 + size * 0.35
        yield _text(across, down, text, size, anchor="middle", fill=text_on(rgb))

    def _x(self, day: date) -> float:
        first, end = self._frame.blocks[0].start, self._frame.blocks[-1].end
        return _LEFT + (_WIDTH - _MARGIN - _LEFT) * (day - first).days / (end - first).days


def _fitting(text: str, width: float) -> float:
    """The size of a font in which a text is no wider."""
    return min(_FONT, max(width, 0.5) / (_LETTER * max(len(text), 1)))


def _line(left: float, top: float, right: float, bottom: float) -> str:
    return f'<path d="M{left:.2f} {top:.2f}L{right:.2f} {bottom:.2f}" stroke="#bbbbbb" stroke-width="0.2"/>'


def _text(x: float, y: float, text: str, size: float, **said: str) -> str:
    names = {"weight": "font-weight", "anchor": "text-anchor", "fill": "fill"}
    more = "".join(f" {names[name]}={quoteattr(value)}" for name, value in said.items())
    return f'<text x="{x:.2f}" y="{y:.2f}" font-size="{size:.2f}"{more}>{escape(text)}</text>'
