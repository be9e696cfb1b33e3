"""`python -m ircal` is the console script `ircal`."""

from ircal.cli import main

if __name__ == "__main__":
    main()
