"""The way in: `ircal`, and `python -m ircal`. Nothing is imported before Ctrl-C can be answered quietly."""

import sys

INTERRUPTED = 130


def main() -> None:
    """Run the command line of this process, and exit with its code."""
    try:
        from ircal.cli import main as run

        run()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
