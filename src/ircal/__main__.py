"""The way in: `ircal`, and `python -m ircal`. Nothing is imported before Ctrl-C can be answered quietly."""

import gc
import sys

INTERRUPTED = 130


def collect_seldom() -> None:
    """Have garbage in circles looked for less often: a schedule is hundreds of thousands of values, and none is such.

    Looking for it again and again while they are made takes a third of the time, of large programmes more.
    """
    gc.set_threshold(50_000, 20, 20)


def main() -> None:
    """Run the command line of this process, and exit with its code."""
    collect_seldom()
    try:
        from ircal.cli import main as run

        run()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
