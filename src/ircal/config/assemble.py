"""From the files of a folder to a Program, or to everything that is wrong with them.

files -> trees -> sections, tables -> values -> Draft -> cross-checks -> Program
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from ircal.config.blocks import Known, read_blocks
from ircal.config.calendars import calendars
from ircal.config.called import Called
from ircal.config.crosscheck import crosscheck
from ircal.config.document import SECTIONS
from ircal.config.draft import STAND_IN, Draft
from ircal.config.folder import decode, read_folder, replaced
from ircal.config.sections import gather, values
from ircal.config.tables import read_assignments, read_leave, read_presenters, read_sessions, read_topics
from ircal.config.yaml_reader import read_yaml
from ircal.errors import Problem, ProgramError
from ircal.model.checks import Checks
from ircal.model.conferences import PresenterSwap
from ircal.model.program import Program
from ircal.model.rotations import Swap
from ircal.model.texts import USUAL
from ircal.recall import Recall

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from ircal.config.folder import SourceFile
    from ircal.config.placed import Written
    from ircal.model.place import PlacedDict
    from ircal.model.rotations import Assignment, Leave

T = TypeVar("T")

Texts = list[tuple["SourceFile", str]]
"""Files with their decoded text."""

Read = Callable[[str, str, Called], tuple[list[T], list[Problem]]]
"""From a table's text and file name, and what people call things, to its values and problems."""


def load(folder: Path, recall: Recall | None = None, instead: Mapping[str, bytes] | None = None) -> Program:
    """The programme that the folder's files describe. Mappings are in order of id, rows in order of time.

    `instead` holds what some of its files (by their name in the folder) would be, for a look before they are written.
    Raises ProgramError with every problem that was found, each with its file and line.
    """
    files, problems = read_folder(folder)
    whole = all(problem.code == "file-unknown" for problem in problems)
    refused = {problem.place.file for problem in problems}
    program, wrong = assemble(replaced(files, instead or {}), recall or Recall(), refused, whole=whole)
    if program is None or problems:
        raise ProgramError(dict.fromkeys([*problems, *wrong]))
    return program


def assemble(
    files: Iterable[SourceFile], recall: Recall, refused: AbstractSet[str], *, whole: bool
) -> tuple[Program | None, list[Problem]]:
    """The programme of some files, or what is wrong with it. `refused` are the names of those that were not read.

    When a YAML file cannot be read at all, nobody knows which names it holds; nothing is then looked up. So it is when
    these are not the `whole` of the files, because some could not be opened.
    """
    problems: list[Problem] = []
    decoded = [(file, _kept(decode(file.data, file.name), problems)) for file in files]
    texts = [(file, text) for file, text in decoded if text is not None]
    trees = [_kept(_tree(file.name, text, recall), problems) for file, text in _of_kind("yaml", texts)]
    readable = whole and len(texts) == len(decoded) and None not in trees
    written = _kept(gather(tree for tree in trees if tree is not None), problems)
    found = {section: _kept(values(written, section, recall), problems) for section in SECTIONS}
    tables = _Tables(texts if readable else [], written.called, recall, problems)
    program = _program(found, written, tables)
    draft = Draft(program, written, refused | {problem.place.file for problem in problems})
    if not readable:
        return None, problems
    made = _kept(calendars(found["calendars"], draft, recall), problems)
    problems += crosscheck(draft, recall)
    return (None if problems else _settled(replace(draft.program, calendars=made), recall)), problems


def _settled(program: Program, recall: Recall) -> Program:
    """The programme, with every row and calendar that is what it was, also in its place, being the former one."""

    def lists(kind: str, found: Mapping[str, tuple[T, ...]]) -> dict[str, tuple[T, ...]]:
        return {name: recall.settled((kind, name), rows) for name, rows in found.items()}

    return replace(
        program,
        assignments=recall.settled("assignments", program.assignments),
        leave=recall.settled("leave", program.leave),
        calendars={each.id: each for each in recall.settled("calendars", program.calendars.values())},
        topics=lists("topics", program.topics),
        sessions=lists("sessions", program.sessions),
        presenters=lists("presenters", program.presenters),
    )


def _tree(name: str, text: str, recall: Recall) -> tuple[PlacedDict | None, list[Problem]]:
    return recall.made(("file", name), (text,), lambda _: read_yaml(text, name))


def _kept(result: tuple[T, Iterable[Problem]], problems: list[Problem]) -> T:
    """The first of the pair, after the second was added to the problems."""
    value, wrong = result
    problems += wrong
    return value


@dataclass(frozen=True, slots=True)
class _Tables:
    """The tables of the folder, and what they are read with."""

    texts: Texts
    called: Called
    recall: Recall
    problems: list[Problem]

    def of(self, kind: str, read: Read[T], *ground: object) -> Iterator[tuple[SourceFile, list[T]]]:
        """The rows of each file of one folder; `ground` is what they depend on besides the file."""
        for file, text in _of_kind(kind, self.texts):

            def make(_: Recall, file: SourceFile = file, text: str = text) -> tuple[list[T], list[Problem]]:
                return read(text, file.name, self.called)

            rows, wrong = self.recall.made(("table", file.name), (text, *ground), make)
            if wrong:  # told with the names of today, which are no part of what is recalled
                rows, wrong = make(self.recall)
            self.problems.extend(wrong)
            yield file, rows

    def rows(self, kind: str, read: Read[T], *ground: object) -> list[T]:
        """Those of all files of one folder together."""
        return [row for _, rows in self.of(kind, read, *ground) for row in rows]

    def lists(self, kind: str, read: Read[T]) -> dict[str, tuple[T, ...]]:
        """Those of each file of one folder, by the file's name without its ending."""
        return {file.stem: tuple(rows) for file, rows in self.of(kind, read)}


def _program(found: dict[str, dict[str, Any]], written: Written, tables: _Tables) -> Program:
    """What could be read, without the calendars: those may be made from the rest."""
    settings = found["program"].get("program", STAND_IN)
    blocks: list[Assignment] = []
    if settings is not STAND_IN:
        known = Known.of(settings, found["grids"], written)
        ground = (settings, *found["grids"].values(), known.told)
        blocks = tables.rows("blocks", partial(_blocks, known), *ground)
    return Program(
        settings=settings,
        people=found["people"],
        sites=found["sites"],
        rotations=found["rotations"],
        cycles=found["cycles"],
        grids=found["grids"],
        holidays=found["holidays"],
        conferences=found["conferences"],
        milestones=found["milestones"],
        overrides=tuple(found["overrides"].values()),
        swaps=tuple(item for item in found["swaps"].values() if isinstance(item, Swap)),
        presenter_swaps=tuple(item for item in found["swaps"].values() if isinstance(item, PresenterSwap)),
        assignments=_in_order(blocks + tables.rows("assignments", read_assignments)),
        leave=_in_order(tables.rows("leave", read_leave)),
        topics=tables.lists("topics", read_topics),
        sessions=tables.lists("sessions", read_sessions),
        presenters=tables.lists("presenters", read_presenters),
        checks=found["checks"].get("checks", Checks()),
        texts=found["texts"].get("texts", USUAL),
        drafts=found["drafts"],
    )


def _blocks(known: Known, text: str, file: str, _: Called) -> tuple[list[Assignment], list[Problem]]:
    return read_blocks(text, file, known)


def _of_kind(kind: str, texts: Texts) -> Texts:
    return [(file, text) for file, text in texts if file.kind == kind]


Dated = TypeVar("Dated", "Assignment", "Leave")


def _in_order(rows: list[Dated]) -> tuple[Dated, ...]:
    """The same order, however the rows were spread over lines and files."""
    return tuple(sorted(rows, key=lambda row: tuple(map(str, row.model_dump().values()))))
