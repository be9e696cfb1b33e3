"""The page for the wall: what everybody really does, as one SVG of A3 paper."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from ircal.exchange import Frame, as_svg

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from tests.exchange.conftest import Desk

SVG = "{http://www.w3.org/2000/svg}"


def page(desk: Desk, grid: str | None = None) -> Element:
    return ET.fromstring(as_svg(Frame.of(desk.program(), 2026, grid)))  # noqa: S314 our own


def texts(root: Element) -> list[str]:
    return [each.text or "" for each in root.iter(f"{SVG}text")]


def bars_beside(root: Element, person: str) -> list[str]:
    """The signs in a person's row, from left to right."""
    found = texts(root)
    at = found.index(person) + 1
    return found[at : next((n for n in range(at, len(found)) if ", PGY-" in found[n]), len(found))]


def test_it_is_a_page_of_a3_with_everybody_on_it(desk: Desk) -> None:
    root = page(desk)
    assert (root.get("width"), root.get("height")) == ("420mm", "297mm")
    assert texts(root)[:4] == ["Block schedule 2026-27, Residency", "1", "29 Jun \u2013 26 Jul", "2"]
    names = [text for text in texts(root) if ", PGY-" in text]
    assert names == [
        "Amara Ash, PGY-6",
        "Rafael Elm, PGY-5",
        "Nkechi Fir, PGY-4",
        "Nkechi Fir, PGY-4",
        "Jos\u00e9 van den Berg, PGY-3",
    ]


def test_it_has_the_weeks_of_cycles_and_parts_of_blocks(desk: Desk) -> None:
    assert bars_beside(page(desk), "Amara Ash, PGY-6") == ["W", "E", "ICU", "W", "E", "ICU"]


def test_it_has_what_wins_over_the_block_schedule(desk: Desk) -> None:
    (desk.config / "assignments").mkdir()
    (desk.config / "assignments" / "x.csv").write_text("person,rotation,from,to\nash,pet,2026-07-06,2026-07-12\n")
    assert bars_beside(page(desk), "Amara Ash, PGY-6")[:3] == ["W", "pet", "W"]


def test_names_are_written_as_text(desk: Desk) -> None:
    path = desk.config / "programme.yaml"
    path.write_text(path.read_text().replace("name: Amara Ash", 'name: "Amara <b>&Ash"'))
    assert "Amara <b>&Ash, PGY-6" in texts(page(desk))


def test_everything_is_on_the_paper(desk: Desk) -> None:
    for grid in ("blocks", "months"):
        for each in page(desk, grid).iter(f"{SVG}rect"):
            x, y, width, height = (float(each.get(name, "0")) for name in ("x", "y", "width", "height"))
            assert x + width <= 420
            assert y + height <= 297


def test_it_is_the_same_whenever_it_is_made(desk: Desk) -> None:
    frame = Frame.of(desk.program(), 2026, None)
    assert as_svg(frame) == as_svg(frame)
