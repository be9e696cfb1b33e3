"""Do the locks still say what pyproject.toml asks for? Run by `make lint`; needs no network.

Each direct requirement must be pinned, within its bounds, in the lock that installs it. What run.lock and build.lock
pin, test.lock must pin alike, since one environment holds all three. No lock may name the host it was made from.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).parent.parent
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;]+)", re.MULTILINE)


def main() -> int:
    """Print every problem; 1 if there is one."""
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    found = list(problems(pyproject))
    for problem in found:
        print(problem)
    if found:
        print("Run `make lock`.")
        return 1
    print("The locks say what pyproject.toml asks for.")
    return 0


def problems(pyproject: dict[str, Any]) -> Iterator[str]:
    build, run, test = (pins(name) for name in ("build", "run", "test"))
    groups = pyproject["dependency-groups"]
    yield from unmet("build", build, pyproject["build-system"]["requires"] + groups["build"])
    project = pyproject["project"]
    yield from unmet("run", run, project["dependencies"] + project["optional-dependencies"]["postgres"])
    yield from unmet("test", test, (text for group in groups.values() for text in group if isinstance(text, str)))
    for name, version in sorted((build | run).items()):
        if test.get(name) != version:
            yield f"test.lock has {name} {test.get(name)}, and the lock below it has {version}"
    for lock in (*ROOT.glob("requirements/*.lock"), ROOT / "tests/icaljs/package-lock.json"):
        if "://" in lock.read_text("utf-8"):
            yield f"{lock.name} names the host it was made from"


def pins(name: str) -> dict[str, str]:
    text = (ROOT / "requirements" / f"{name}.lock").read_text("utf-8")
    return {canonicalize_name(package): version for package, version in PIN.findall(text)}


def unmet(lock: str, pinned: dict[str, str], wanted: Iterable[str]) -> Iterator[str]:
    for requirement in map(Requirement, wanted):
        version = pinned.get(canonicalize_name(requirement.name))
        if version is None or not requirement.specifier.contains(version, prereleases=True):
            yield f"{lock}.lock has {requirement.name} {version}, and pyproject.toml asks for {requirement.specifier}"


if __name__ == "__main__":
    sys.exit(main())
