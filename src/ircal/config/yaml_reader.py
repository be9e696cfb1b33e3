"""Reading one YAML file (YAML 1.2) into mappings and lists that know their lines.

ruamel's pure composer gives the tree of nodes with their marks; the values are made here, so that every fault has a
place and nothing surprising can be made: text, numbers, true and false, dates, nothing, and lists and mappings of
these. Anchors may be used, and what they expand to is counted. Keys are always text, in alphabetical order.
"""

from __future__ import annotations

import math
import re
from datetime import date
from typing import TYPE_CHECKING

from ruamel.yaml import YAML, MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.reader import ReaderError

from ircal.config.placed import REFUSED, PlacedList
from ircal.errors import Problem
from ircal.model.place import Place, PlacedDict
from ircal.wording import quote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

MAX_NODES = 200_000
"""How many keys and values one file may stand for, anchors expanded: a hundred programmes' worth."""

MAX_DEPTH = 30

_TAG = "tag:yaml.org,2002:"
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def read_yaml(text: str, file: str) -> tuple[PlacedDict | None, list[Problem]]:
    """The mapping that a file holds, and what is wrong with it. None when there is nothing that can be used."""
    reader = _Reader(file)
    try:
        root = _compose(text, file)
        tree = PlacedDict({}, Place(file, 1), {}) if root is None else reader.value(root, reader.place(root), 0)
    except _Stopped as stopped:
        return None, [*reader.problems, stopped.problem]
    if not isinstance(tree, PlacedDict):
        message = f"a configuration file holds sections, such as `people:`, not {quote(tree)}"
        return None, [*reader.problems, Problem("yaml-not-sections", message, Place(file, 1))]
    return tree, reader.problems


def _compose(text: str, file: str) -> Node | None:
    """The tree of nodes, None for a file that says nothing. Raises _Stopped where it is not YAML."""
    yaml = YAML(typ="safe", pure=True)  # the usual type marks the folds of `>` with U+0007
    yaml.composer.warn_double_anchors = False  # YAML 1.2 allows a name to be used again
    try:
        root: Node | None = yaml.compose(text)
    except MarkedYAMLError as error:
        raise _Stopped(_syntax(error, file)) from None
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        message = f"the character U+{ord(text[error.position]):04X} cannot stand in a YAML file"
        raise _Stopped(Problem("yaml-syntax", message, Place(file, line))) from None
    except RecursionError:
        raise _Stopped(_too_deep(Place(file, 1))) from None
    return root


class _Stopped(Exception):
    """The rest of the file cannot be read."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


class _Reader:
    """Turns the nodes of one file into values, and collects what is wrong on the way."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._count = 0
        self.problems: list[Problem] = []

    def value(self, node: Node, place: Place, depth: int) -> object:
        self._count += 1
        if self._count > MAX_NODES:
            message = f"the file stands for more than {MAX_NODES} values; anchors that hold anchors grow quickly"
            raise _Stopped(Problem("yaml-too-large", message, place))
        if depth > MAX_DEPTH:
            raise _Stopped(_too_deep(place))
        if isinstance(node, MappingNode) and node.tag == _TAG + "map":
            return self._mapping(node, place, depth)
        if isinstance(node, SequenceNode) and node.tag == _TAG + "seq":
            places = [self.place(item) for item in node.value]
            items = [self.value(item, at, depth + 1) for item, at in zip(node.value, places, strict=True)]
            return PlacedList(items, places)
        if isinstance(node, ScalarNode) and (read := _SCALARS.get(str(node.tag).removeprefix(_TAG))):
            return self._scalar(node, read)
        return self._refuse("yaml-tag", f"the tag {str(node.tag).replace(_TAG, '!!')} is not used here", node)

    def _mapping(self, node: MappingNode, place: Place, depth: int) -> PlacedDict:
        items: dict[str, object] = {}
        places: dict[str, Place] = {}
        merged: list[PlacedDict] = []
        for key_node, value_node in node.value:
            at = self.place(key_node)
            if key_node.tag == _TAG + "merge":
                merged += self._merged(value_node, at, depth)
                continue
            key = self._key(key_node)
            value = self.value(value_node, at, depth + 1)
            if key in items:
                self.problems.append(twice(key, places[key], at))
            elif key is not None:
                items[key], places[key] = value, at
        for other in merged:  # the earlier wins, and what is written here before all
            items = {**other, **items}
            places = {**other.key_places, **places}
        return PlacedDict(dict(sorted(items.items())), place, places)

    def _merged(self, node: Node, place: Place, depth: int) -> Iterator[PlacedDict]:
        """What `<<:` brings in: one mapping or a list of them."""
        value = self.value(node, place, depth + 1)
        for each in value if isinstance(value, PlacedList) else [value]:
            if isinstance(each, PlacedDict):
                yield each
            else:
                self._refuse("yaml-merge", f"`<<` takes in mappings, not {quote(each)}", node)

    def _key(self, node: Node) -> str | None:
        if isinstance(node, ScalarNode):
            key = self._scalar(node, _plain)
            return key if isinstance(key, str) else None
        self._refuse("yaml-key", "a key is a single word or number", node)
        return None

    def _scalar(self, node: ScalarNode, read: Callable[[str], object]) -> object:
        try:
            return read(node.value)
        except (ValueError, KeyError):
            kind = _KINDS.get(str(node.tag).removeprefix(_TAG), "value")
            text = "write the character itself instead of its escapes"
            hint = text if read is _plain else "put it in quotes if it is meant as text"
            return self._refuse("yaml-value", f"{quote(node.value)} is not a {kind} that exists", node, hint)

    def _refuse(self, code: str, message: str, node: Node, hint: str = "") -> object:
        self.problems.append(Problem(code, message, self.place(node), hint))
        return REFUSED

    def place(self, node: Node) -> Place:
        return Place(self._file, node.start_mark.line + 1)


def twice(name: str, first: Place, second: Place) -> Problem:
    """The same id or key in two places."""
    return Problem("written-twice", f"'{name}' is written twice", second, f"the first is at {first}; keep one of them")


def _too_deep(place: Place) -> Problem:
    return Problem("yaml-too-deep", f"lists and mappings are nested more than {MAX_DEPTH} deep here", place)


def _syntax(error: MarkedYAMLError, file: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    place = Place(file, mark.line + 1, str(mark.column + 1)) if mark else Place(file, 1)
    begun = error.context_mark.line + 1 if error.context_mark else place.line
    since = f", begun in line {begun}" if begun != place.line else ""
    context = f"{error.context}{since}: " if error.context else ""
    fault = " ".join((error.problem or "").split())
    return Problem("yaml-syntax", f"this is not YAML: {context}{fault}", place, _syntax_hint(fault))


def _syntax_hint(fault: str) -> str:
    if "'\\t'" in fault:
        return "indent with spaces, not with tabs"
    if "but got '['" in fault:
        return 'within { } a value that has [ in it goes in quotes, such as when: "We[3] 17:00-18:00"'
    return "look at the indentation, the quotes and the colons on this line and the one before"


def _integer(text: str) -> int:
    digits = text.replace("_", "").lower()
    return int(digits, 0 if re.match(r"[-+]?0[xob]", digits) else 10)


def _real(text: str) -> float:
    number = float(text.replace("_", ""))
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _moment(text: str) -> date | str:
    """A date; with a time of day it stays text, for pydantic to read where a time is wanted."""
    return date.fromisoformat(text) if _DATE.fullmatch(text) else text


def _plain(text: str) -> str:
    r"""Text, with what JSON writes as two escapes (`\ud83d\ude00`) as the one character that it is.

    Half of such a pair is no character, and cannot be said in any feed: ValueError.
    """
    return text.encode("utf-16", "surrogatepass").decode("utf-16")


def _nothing(_text: str) -> None:
    return None


_SCALARS: Mapping[str, Callable[[str], object]] = {
    "str": _plain,
    "value": _plain,
    "merge": _plain,
    "int": _integer,
    "float": _real,
    "bool": {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}.__getitem__,
    "timestamp": _moment,
    "null": _nothing,
}
_KINDS = {"str": "text", "int": "number", "float": "number", "bool": "true or false", "timestamp": "date"}
