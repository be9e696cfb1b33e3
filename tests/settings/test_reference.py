"""docs/reference/settings.md names every setting, with the default and the example that the code has."""

import re
from pathlib import Path

from pydantic.fields import FieldInfo

from ircal.settings import variables

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "settings.md"
ROW = re.compile(r"^\| `(IRCAL_\w+)` \| (.+?) \| `(.+?)` \| (.+) \|$", re.MULTILINE)


def documented(field: FieldInfo) -> tuple[str, str]:
    default = "none" if field.default is None else f"`{field.default}`"
    return default, (field.examples or [""])[0]


def test_every_setting_is_documented_with_its_default_and_example() -> None:
    rows = ROW.findall(PAGE.read_text(encoding="utf-8"))
    assert {name: (default, example) for name, default, example, _ in rows} == {
        name: documented(field) for name, field in variables()
    }


def test_every_setting_says_what_it_is() -> None:
    rows = ROW.findall(PAGE.read_text(encoding="utf-8"))
    assert [name for name, *_, text in rows if not text.endswith(".")] == []
