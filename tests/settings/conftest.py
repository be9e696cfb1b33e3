import os
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No IRCAL_ variable is set, and the working folder is empty, so that there is no `.env`."""
    for name in list(os.environ):
        if name.upper().startswith("IRCAL_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path
