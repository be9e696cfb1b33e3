"""The pages of a programme that is nothing like the example: long names in other scripts, months, no short names."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from ircal.config import load
from ircal.recall import Recall
from ircal.service import default_window, kept_years
from ircal.views import Ground
from tests.web.pages.browser import DESK, PHONE, window
from tests.web.pages.conftest import NOW, Programme, rules_of, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

NAMES = (
    "Αλεξάνδρα Παπαδοπούλου-Οικονομίδου",
    "Владислав Константинопольский",
    "محمد عبد الرحمن",
    "Maximiliana Wolfeschlegelsteinhausen",
    "Oluwaseun-Adebayo Featherstonehaugh-Cholmondeley",
    "Li",
)
FILES = {
    "program.yaml": """
program:
  id: isles
  name: Πανεπιστημιακό Νοσοκομείο, Programme of Diagnostic and Interventional Radiology of the Western Isles
  timezone: Asia/Kolkata
  first_year: 2026
  published: 2026-05-15T09:00:00+05:30
  first_pgy: 1
  last_pgy: 6
  grid: months
""",
    "grids.yaml": "grids:\n  months: {kind: months}\n",
    "people.yaml": "people:\n"
    + "".join(
        f"  p{number}: {{name: {name}, role: resident, entered: {2022 + number % 5}-07-01}}\n"
        for number, name in enumerate(NAMES)
    ),
    "sites.yaml": "sites:\n  main: {name: Hospital of Saint Bartholomew-the-Less and the Holy Ghost}\n",
    "rotations.yaml": """
rotations:
  ct:
    name: Abdominal and pelvic cross-sectional imaging, the emergency department included
    site: main
    color: white
    duties:
      clinic: {name: Clinic, when: Th 13:00-16:30}
  mr: {name: Νευροακτινολογία, site: main}
""",
    "blocks/2026-27.csv": "resident,1,2,3,4,5,6,7,8,9,10,11,12\n"
    + "".join(f"p{number},ct,mr,ct,mr,ct,{'mr' if number % 2 else ''},ct,mr,ct,mr,ct,mr\n" for number in range(6)),
    "conferences.yaml": """
conferences:
  board:
    name: Multidisciplinary hepatopancreatobiliary, transplantation and interventional oncology tumour board
    when: Mo-Fr 07:00-08:00
    audience: {pgy: 1..6}
    presenter: {pool: {pgy: 1..6}}
""",
    "calendars.yaml": "calendars:\n  residents: {each: resident, id: '{kind}-{id}', name: '{name}'}\n",
    "checks.yaml": """
checks:
  coverage:
    mr: {name: Neuroradiology on each and every working day, count: {rotation: mr}, min: 4}
""",
}
PAGES = (
    ("/", PHONE, "light"),
    ("/", DESK, "dark"),
    ("/conferences", PHONE, "dark"),
    ("/coverage", PHONE, "light"),
    ("/check", PHONE, "light"),
    ("/people/p3", PHONE, "light"),
    ("/rotations/ct", PHONE, "light"),
)
TOO_WIDE = """[...document.querySelectorAll("main .name, main :is(h1, h2, h3, p, dd, dt, li, .what):not(.scroller *)")]
  .filter((each) => each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).display != "inline")
  .map((each) => each.outerHTML)"""


@pytest.fixture(scope="module")
def isles(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where its pages are open to everybody."""
    folder: Path = tmp_path_factory.mktemp("isles")
    for name, text in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    program = load(folder)
    today = NOW.astimezone(program.settings.zone).date()
    ground = Ground.of(program, kept_years(program, default_window(today, program, 1)), {}, today, Recall())
    with serving(Programme(ground), replace(rules_of(), open_to_all=True)) as url:
        yield url


@pytest.mark.parametrize(("path", "size", "scheme"), PAGES)
def test_nothing_is_cut_off_or_wider_than_its_place(
    browser: Browser, isles: str, path: str, size: dict[str, int], scheme: str
) -> None:
    with window(browser, isles, size, scheme) as opened:
        opened.page.goto(path)
        assert opened.overflow <= 0
        assert opened.page.evaluate(TOO_WIDE) == []
        assert opened.violations() == []
        assert opened.page.get_by_text("Times are those of Kolkata (Asia).").is_visible()


def test_the_hours_of_a_duty_are_told_in_words(browser: Browser, isles: str) -> None:
    with window(browser, isles) as opened:
        opened.page.goto("/rotations/ct")
        assert "Clinic: every Thursday, 13:00-16:30" in opened.page.inner_text("main")
