"""How content lines are folded: what is unfolded is what was written, whatever the characters."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ircal.feeds.text import fold

lines = st.text(st.sampled_from(["a", ":", "\\", "^", "é", "語", "🙂", " "]), max_size=400)


@given(lines)
def test_a_folded_line_unfolds_to_itself(line: str) -> None:
    assert fold(line).replace(b"\r\n ", b"") == line.encode() + b"\r\n"


@given(lines)
def test_every_physical_line_is_whole_and_short(line: str) -> None:
    physical = fold(line).removesuffix(b"\r\n").split(b"\r\n")
    assert all(len(part) <= 75 for part in physical)
    assert all(part.decode() for part in physical) or not line


@given(st.text(st.sampled_from(["a", "\\", "é"]), max_size=300))
def test_no_escape_is_cut_in_two(text: str) -> None:
    escaped = text.replace("\\", "\\\\")
    for part in fold(escaped).removesuffix(b"\r\n").split(b"\r\n "):
        assert (len(part) - len(part.rstrip(b"\\"))) % 2 == 0
