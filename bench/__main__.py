"""`python -m bench NAME...`: run the measurements of that name, or all; each is a module here with a `main()`."""

from __future__ import annotations

import importlib
import pkgutil
import sys

import bench
from ircal.__main__ import collect_seldom

NAMES = [module.name for module in pkgutil.iter_modules(bench.__path__) if not module.name.startswith("_")]

collect_seldom()  # as `ircal` does
for name in sys.argv[1:] or NAMES:
    if name not in NAMES:
        sys.exit(f"There is no measurement '{name}'; there are: {', '.join(NAMES)}.")
    importlib.import_module(f"bench.{name}").main()
