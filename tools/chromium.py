"""Find the Chromium that the browser tests and the pictures use, or install Debian's.

    python tools/chromium.py     prints its path; where there is none, installs it with apt-get if that can be, or says
                                 what to install, and ends with 1

It is the one that `IRCAL_CHROMIUM` names, else the first of NAMES that is on the path. Playwright's own download is not
used: the browser is then the system's, with its updates.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ADVICE = (
    "There is no Chromium here, which the tests of the pages drive. Install one (Debian and Ubuntu: "
    "`sudo apt-get install chromium`; Fedora: `sudo dnf install chromium`; macOS: `brew install --cask chromium`), or "
    "name one: IRCAL_CHROMIUM=/path/to/chromium."
)


def find() -> str | None:
    """The path of the browser; None if there is none."""
    named = os.environ.get("IRCAL_CHROMIUM")
    if named:
        return shutil.which(named)
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def install() -> None:
    """Install Debian's, where we may: as root, without a question. What apt-get says goes to standard error."""
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        return
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["update", "-qq"],
        ["install", "-qq", "--yes", "--no-install-recommends", "chromium", "fonts-dejavu"],
    ):
        if subprocess.run([apt, *command], env=environment, stdout=sys.stderr, check=False).returncode:  # noqa: S603 ours
            return


def main() -> int:
    """Print the path, after installing if need be."""
    if find() is None and not os.environ.get("IRCAL_CHROMIUM"):
        install()
    found = find()
    print(found or ADVICE, file=sys.stdout if found else sys.stderr)
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main())
