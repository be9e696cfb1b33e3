r"""Templates: texts with slots, as the configuration writes what calendar entries say.

    {topic}                 a slot, filled with what is known
    [: {topic}]             a segment: it vanishes when every slot in it is empty
    [[ ]] {{ }}             brackets and braces that are meant, also written \[ \] \{ \}

A line that comes to nothing, because all that stands in it are slots and segments without content, vanishes too. What a
slot is filled with is taken as it is, whatever characters it has.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_TOKEN = re.compile(r"\\(?P<meant>[\[\]{}\\])|(?P<twice>\[\[|\]\]|\{\{|\}\})|\{(?P<slot>\w*)\}|(?P<other>.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Slot:
    """A place to be filled."""

    name: str


@dataclass(frozen=True, slots=True)
class Segment:
    """Texts (`str`) and slots that come and go together."""

    parts: tuple[str | Slot, ...]


Part = str | Slot | Segment
Line = tuple[Part, ...]


@lru_cache(maxsize=1024)
def parse(template: str) -> tuple[Line, ...]:
    """The lines of a template. Raises ValueError that says what is wrong with it."""
    found: list[Part] = []
    inside: list[str | Slot] | None = None
    for match in _TOKEN.finditer(template.strip("\n")):
        part = Slot(match["slot"]) if match["slot"] is not None else match["meant"] or (match["twice"] or "")[:1]
        if part or match["other"] not in {"[", "]", "{", "}"}:
            (found if inside is None else inside).append(part or match["other"])
        elif match["other"] == "[" and inside is None:
            inside = []
        elif match["other"] == "]" and inside is not None:
            found.append(_segment(inside))
            inside = None
        else:
            raise ValueError(_stray(match["other"], template, inside=inside is not None))
    if inside is not None:
        raise ValueError(f"'{template}' has a [ without its ]; write [[ for one that is meant")
    return _lines(found)


def _segment(inside: list[str | Slot]) -> Segment:
    if not any(isinstance(part, Slot) for part in inside):
        text = "".join(str(part) for part in inside)
        raise ValueError(f"[{text}] has no slot in it and would never show; write [[{text}]] if it is meant as it is")
    return Segment(tuple(inside))


def _stray(mark: str, template: str, *, inside: bool) -> str:
    if mark == "[" and inside:
        return f"'{template}' has a [ within a [; a segment cannot hold another one, and [[ is one that is meant"
    return f"'{template}' has a {mark} without its other half; write {mark * 2} for one that is meant"


def _lines(parts: Iterable[Part]) -> tuple[Line, ...]:
    lines: list[list[Part]] = [[]]
    for part in parts:
        if part == "\n":
            lines.append([])
        else:
            lines[-1].append(part)
    return tuple(tuple(_joined(line)) for line in lines)


def _joined(line: Iterable[Part]) -> Iterable[Part]:
    """The same with its single characters put together."""
    text = ""
    for part in line:
        if isinstance(part, str):
            text += part
            continue
        if text:
            yield text
        text = ""
        yield part
    if text:
        yield text


def check(template: str, known: Iterable[str]) -> str:
    """The template. Raises ValueError where it is wrong or has a slot that is not known."""
    names = sorted(known)
    for name in slots_of(template):
        if name not in names:
            close = get_close_matches(name, names, n=1)
            hint = (
                f"did you mean {{{close[0]}}}?" if close else f"there are {', '.join(f'{{{each}}}' for each in names)}"
            )
            raise ValueError(f"{{{name}}} stands for nothing here; {hint}")
    return template


def slots_of(template: str) -> list[str]:
    """The names of its slots, as they come. Raises ValueError as `parse` does."""
    parts = [part for line in parse(template) for part in line]
    flat = [piece for part in parts for piece in (part.parts if isinstance(part, Segment) else (part,))]
    return [piece.name for piece in flat if isinstance(piece, Slot)]


def fill(template: str, slots: Mapping[str, str]) -> str:
    """The text, with each slot filled by its name. A duty says the same every day: it is put together once."""
    return _text(template, tuple(slots.items()))


@lru_cache(maxsize=4096)
def _text(template: str, items: tuple[tuple[str, str], ...]) -> str:
    slots = dict(items)
    lines = ((line, "".join(_filled(part, slots) for part in line)) for line in parse(template))
    return "\n".join(text for line, text in lines if text.strip() or not _has_slots(line))


def _filled(part: Part, slots: Mapping[str, str]) -> str:
    if isinstance(part, str):
        return part
    if isinstance(part, Slot):
        return slots[part.name]
    if not any(slots[piece.name] for piece in part.parts if isinstance(piece, Slot)):
        return ""
    return "".join(_filled(piece, slots) for piece in part.parts)


def _has_slots(line: Line) -> bool:
    return any(not isinstance(part, str) for part in line)
