"""Trying a sheet out on the page: what it would change, and what is refused, with nothing written whatever comes."""

from __future__ import annotations

import tempfile
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING

import httpx
import pytest

from ircal.exchange import LARGEST
from ircal.settings import load_settings
from ircal.trial import SheetTrier
from tests.exchange.conftest import FILE, LEAVE, Desk, laid, saved, sheet_of, workbook, xlsx
from tests.web.pages.conftest import Programme, browser_at, coordinator_at, rules_of, serving
from tests.web.pages.forms import token_on
from tests.web.pages.test_planning import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ircal.views import Ground

ROWS = (["Resident", 1, 2], ["Amara Ash", "ICU", "W"], ["Rafael Elm", "core", ""])
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A small configuration that is only looked at; two of its people are not on leave all year."""
    made = laid(tmp_path_factory.mktemp("preview"))
    there = "ash", "elm"
    (made.config / "leave" / "all.csv").write_text(
        "".join(line for line in LEAVE.splitlines(keepends=True) if not line.startswith(there))
    )
    return made


@pytest.fixture(scope="module")
def pages(ground: Ground, desk: Desk) -> Iterator[str]:
    settings = load_settings(config=desk.config, state_dir=desk.path / "state")
    with serving(Programme(ground), rules_of(), trier=SheetTrier(settings)) as url:
        yield url


@pytest.fixture
def client(pages: str) -> Iterator[httpx.Client]:
    with coordinator_at(pages) as made:
        made.timeout = httpx.Timeout(60)
        yield made


def sent(client: httpx.Client, data: bytes, name: str = "rota.xlsx", **fields: str) -> httpx.Response:
    """Send a file with the form of the page."""
    form = {"form_token": token_on(client.get("/preview")), "year": "2026", **fields}
    return client.post("/preview", data=form, files={"file": (name, data)})


def test_it_tells_person_by_person_what_a_sheet_would_change_and_writes_nothing(
    client: httpx.Client, desk: Desk
) -> None:
    before = (desk.config / FILE).read_bytes()
    told = text_of(sent(client, xlsx(*ROWS)))
    assert "Sheet 'Sheet1' of rota.xlsx: 2026-27 by blocks, 2 residents." in told
    assert "Nothing was written." in told
    assert "Amara Ash Mon 29 Jun 2026 to Sun 26 Jul 2026: ir-west -> icu" in told
    assert "something for 1 person, 1 calendar." in told
    assert "+ Intensive Care" in told
    assert "Calendars that would change Calendar Entries Everything" in told
    assert (desk.config / FILE).read_bytes() == before
    assert {path.name for path in desk.config.rglob("*")} == {
        "blocks",
        "2026-27.csv",
        "leave",
        "all.csv",
        "programme.yaml",
    }


def test_a_sheet_that_says_the_same_changes_nothing(client: httpx.Client) -> None:
    told = text_of(sent(client, (b"resident,1,2,3\nash,W,E/icu,core\n"), "rota.csv"))
    assert "The programme says the same already." in told
    assert "Not in the sheet, and left as they are: elm." in told


def test_every_problem_is_told_with_its_cell(client: httpx.Client) -> None:
    answer = sent(client, xlsx(["Resident", 1], ["Amara Ashe", "W"], ["Rafael Elm", "XYZ"]))
    told = text_of(answer)
    assert answer.status_code == 422
    assert "rota.xlsx, Sheet1!A2 : there is no person 'Amara Ashe' Did you mean 'Amara Ash'?" in told
    assert "rota.xlsx, Sheet1!B3 : there is no rotation or cycle 'XYZ'" in told
    assert "Nothing was changed." in told


def bomb() -> bytes:
    """A small file that becomes 64 MB."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/workbook.xml", b" " * (64 << 20))
    return out.getvalue()


def with_formula() -> bytes:
    """A formula of which nobody has worked out the value."""
    book = workbook(ROWS)
    sheet_of(book)["B2"] = '=HYPERLINK("http://127.0.0.1/", "W")'
    return saved(book)


@pytest.mark.parametrize(
    ("data", "name", "status", "said"),
    [
        (bomb(), "rota.xlsx", 415, "would become larger than 32 MB"),
        (OLE + b"\0" * 600, "rota.xls", 415, "the format that Excel had before 2007"),
        (b"%PDF-1.7\n%\xe2\xe3", "rota.pdf", 415, "rota.pdf"),
        (b"PK\x03\x04 not a zip", "rota.xlsx", 415, "is not an Excel workbook, or it is damaged"),
        (b"", "empty.csv", 415, "empty.csv is empty"),
        (with_formula(), "rota.xlsx", 422, "the formula has no value in the file"),
        (b"\xff\xfe\x00\xd8" * 30, "noise.csv", 415, "noise.csv"),
        (b"<html><script>alert(1)</script>", "<script>alert(1)</script>.csv", None, "Nothing was changed"),
    ],
)
def test_a_hostile_file_is_refused_in_a_sentence(  # noqa: PLR0913, PLR0917 a table has its columns
    client: httpx.Client, desk: Desk, data: bytes, name: str, status: int | None, said: str
) -> None:
    answer = sent(client, data, name)
    assert answer.status_code == status or (status is None and answer.status_code in {415, 422})
    assert said in text_of(answer)
    assert "<script>" not in answer.text
    assert "Traceback" not in answer.text
    assert (desk.config / FILE).exists()


def test_a_file_that_is_too_large_is_refused_before_it_is_read(client: httpx.Client) -> None:
    answer = sent(client, b"x" * (LARGEST + (64 << 10)))
    assert (answer.status_code, "This is too large" in answer.text) == (413, True)


def test_a_large_sheet_is_looked_at_where_no_file_may_be_written(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere/at/all")
    large = b"Resident,1\n" + b"#" * (3 << 20)
    assert sent(client, large, "rota.csv").status_code == 415  # for what it says, and no fault of ours


@pytest.mark.parametrize("year", ["twenty", "99999", "-1", "1e3", "٢٠٢٦"])
def test_a_year_that_is_none_is_refused(client: httpx.Client, year: str) -> None:
    answer = sent(client, xlsx(*ROWS), year=year)
    assert (answer.status_code, "That is not a year" in answer.text) == (415, True)


def test_a_form_without_a_file_says_so(client: httpx.Client) -> None:
    form = {"form_token": token_on(client.get("/preview"))}
    for answer in (client.post("/preview", data=form), client.post("/preview", data=form, files={"file": ("", b"")})):
        assert (answer.status_code, "No file came with the form" in answer.text) == (415, True)


def test_a_path_in_the_name_of_a_file_leads_nowhere(client: httpx.Client, desk: Desk) -> None:
    told = text_of(sent(client, xlsx(*ROWS), "../../etc/C:\\windows\\rota.xlsx"))
    assert "of rota.xlsx: 2026-27" in told
    assert not list(desk.path.rglob("rota.xlsx"))


def test_nobody_else_may_try_and_no_form_of_another_site(pages: str, client: httpx.Client) -> None:
    assert client.post("/preview", files={"file": ("rota.xlsx", xlsx(*ROWS))}).status_code == 403
    with browser_at(pages) as stranger:
        assert stranger.get("/preview").status_code == 303
        assert stranger.post("/preview", files={"file": ("rota.xlsx", xlsx(*ROWS))}).status_code == 403
