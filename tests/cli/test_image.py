"""The image that the Dockerfile describes, as far as it can be seen without building it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Ircal

REPOSITORY = Path(__file__).parents[2]
DOCKERFILE = (REPOSITORY / "Dockerfile").read_text()
PAGES = [REPOSITORY / "README.md", REPOSITORY / "docs" / "how-to" / "run-in-a-container.md"]


def setting(name: str) -> str:
    (value,) = re.findall(rf"^ +{name}=(\S+)", DOCKERFILE, re.MULTILINE)
    return str(value)


def test_the_image_holds_no_programme_where_ircal_looks_for_one() -> None:
    copied = re.findall(r"^COPY .*?(\S+)$", DOCKERFILE, re.MULTILINE)
    assert "/app/example/" in copied
    assert [place for place in copied if Path(place).is_relative_to(setting("IRCAL_CONFIG"))] == []


@pytest.mark.parametrize("command", [("serve", "--port", "0"), ("sync",)], ids=["serve", "sync"])
def test_without_a_programme_it_says_what_to_mount(ircal: Ircal, command: tuple[str, ...]) -> None:
    told = ircal(*command, "--config", "missing")
    assert told.code == 1
    assert "there is no folder missing" in told.err
    assert "in a container, mount it there" in told.err


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_container_that_is_described_has_a_programme_and_a_state_of_its_own(page: Path) -> None:
    calls = re.findall(r"^docker run (?:.*\\\n)*.*", page.read_text(), re.MULTILINE)
    assert calls
    for call in calls:
        if "--config example" not in call:
            assert f":{setting('IRCAL_CONFIG')}:ro" in call, call
            assert f"ircal-state:{setting('IRCAL_STATE_DIR')}" in call, call


def test_nothing_runs_in_the_last_stage() -> None:
    """It has no shell to run it."""
    _, last = DOCKERFILE.rsplit("\nFROM ", 1)
    assert "COPY" in last
    assert re.findall(r"^(?:RUN|SHELL)\b|^(?:CMD|ENTRYPOINT) +[^\[]", last, re.MULTILINE) == []


def test_what_is_imported_is_compiled_and_the_rest_is_not() -> None:
    command = [sys.executable, "-c", "import compile_imported as c; print(*c.sources(), sep='\\n')"]
    tools = os.environ | {"PYTHONPATH": os.pathsep.join([str(REPOSITORY / "tools"), os.environ.get("PYTHONPATH", "")])}
    told = subprocess.run(command, env=tools, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
    compiled = {path.split("site-packages/")[-1] for path in told}
    assert {"icalendar/__init__.py", "holidays/registry.py"} <= compiled
    assert any(path.endswith("ircal/store/migrations/env.py") for path in compiled)
    assert not any(path.startswith("sqlalchemy/dialects/oracle") for path in compiled)
