"""Pulling: the configuration folder is brought up to date with `git pull --ff-only`, where that is asked for.

A git host tells of a push when the files are there and not here. Where something else brings them (a sidecar, a deploy
job), its own change of the files is enough; where nothing does, this may.

Only forward: a folder with changes of its own, or with a history that has parted, is left as it is, and it is said.
Whose the repository is, and how git signs in there, is git's own configuration. What git says may hold a password in an
address, so that it is masked before it is told.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import shutil
import signal
import subprocess
import threading
from typing import TYPE_CHECKING

from ircal.errors import RevisionUnreadable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

log = logging.getLogger(__name__)

PATIENCE = 120.0
"""Seconds that a pull may take."""
_LONGEST = 300
_PASSWORD = re.compile(r"(?<=://)[^/\s@]+@")
_BY_HAND = "Run `git pull --ff-only` there by hand, as the user that ircal runs as."


def pull(folder: Path, patience: float = PATIENCE) -> None:
    """Bring a folder that is part of a git working tree up to date. Raises RevisionUnreadable."""
    git = shutil.which("git")
    if not git:
        raise RevisionUnreadable("There is no git here to pull with.", "Install it, or unset IRCAL_HOOKS__GIT_PULL.")
    with subprocess.Popen(  # noqa: S603  # no shell; the folder is a setting
        [git, "-C", str(folder), "pull", "--ff-only", "--quiet", "--no-recurse-submodules"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=_environment(),
        start_new_session=True,  # so that what git starts can be ended with it
    ) as pulling:
        try:
            _, said = pulling.communicate(timeout=patience)
        except subprocess.TimeoutExpired:
            _end(pulling)
            raise RevisionUnreadable(f"`git pull` in {folder} takes longer than {patience:g} s.", _BY_HAND) from None
    if pulling.returncode:
        raise RevisionUnreadable(f"`git pull` in {folder} failed: {_masked(os.fsdecode(said))}", _BY_HAND)


def _environment() -> dict[str, str]:
    """Have git ask nobody anything."""
    return {
        "GIT_SSH_COMMAND": "ssh -o BatchMode=yes",
        **os.environ,
        "LC_ALL": "C",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "",
        "SSH_ASKPASS": "",
    }


def _end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _masked(said: str) -> str:
    """One line of what git said, without passwords and what cannot be printed."""
    line = " ".join(_PASSWORD.sub("***@", said).split()) or "git does not say why."
    return "".join(each for each in line if each.isprintable())[:_LONGEST]


class Pulling:
    """Pulls in a thread of its own when it is told to, and has the folder looked at then, whatever came of it.

    `look` must return at once. What is told during a pull leads to one more.
    """

    def __init__(self, folder: Path, look: Callable[[], None], patience: float = PATIENCE) -> None:
        self._folder = folder
        self._look = look
        self._patience = patience
        self._lock = threading.Lock()
        self._wanted = False
        self._thread: threading.Thread | None = None

    def changed(self) -> None:
        """Pull soon; returns at once."""
        with self._lock:
            self._wanted = True
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="ircal-pulling", daemon=True)
                self._thread.start()

    def settle(self, timeout: float) -> None:
        """Wait for a pull that is under way."""
        if thread := self._thread:
            thread.join(timeout)

    def _run(self) -> None:
        while self._is_wanted():
            try:
                pull(self._folder, self._patience)
            except RevisionUnreadable as error:
                log.error("%s %s", error, error.remedy)  # noqa: TRY400 it has its explanation
            except Exception:
                log.exception("The configuration could not be pulled; this is a fault of ircal.")
            self._look()

    def _is_wanted(self) -> bool:
        with self._lock:
            wanted, self._wanted = self._wanted, False
            if not wanted:
                self._thread = None
            return wanted
