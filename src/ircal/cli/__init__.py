"""The console script `ircal`. Only the doors print, and only here errors become advice and an exit code.

Commands live in modules of their own that are imported when they are called, so that `ircal --help` is quick.
"""

from __future__ import annotations

import importlib
import keyword
import sys
from typing import TYPE_CHECKING

import click

from ircal import __version__
from ircal.cli.parameters import Text
from ircal.errors import IrcalError

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS = {
    "check": ("ircal.cli.programme", "Tell whether the programme is right, with every problem and its place."),
    "build": ("ircal.cli.programme", "Write every feed into a folder, or the public ones into an object store."),
    "verify": ("ircal.cli.verify", "See that what is published says what the programme says."),
    "schema": ("ircal.cli.programme", "Print the JSON Schema that editors complete the YAML files from."),
    "show": ("ircal.cli.show", "Look at the programme: its occurrences, its block schedule, its calendars."),
    "explain": ("ircal.cli.explain", "Tell why something is on a calendar on a day, and why something else is not."),
    "export": ("ircal.cli.exchange", "Write the block schedule as a sheet, XLSX or CSV, or as a page for the wall."),
    "import": ("ircal.cli.exchange", "Take the block schedule over from a sheet, after a look at what changes."),
    "year": ("ircal.cli.years", "Draft the next academic year beside the current one."),
    "presenters": ("ircal.cli.presenters", "Make known who presents, so that it stays."),
    "diff": ("ircal.cli.difference", "Tell what would change between two states of the programme."),
    "plan": ("ircal.cli.google", "Tell what a sync would change in Google, without changing it."),
    "sync": ("ircal.cli.google", "Make the Google calendars say what the programme says."),
    "resync": (
        "ircal.cli.repair",
        "Compare everything with Google, whatever is remembered of it, and repair what differs.",
    ),
    "login": ("ircal.cli.login", "Sign in to Google as yourself, where there is no service account."),
    "doctor": ("ircal.cli.doctor", "Look at all that a sync needs, and tell what would mend what is not well."),
    "purge": ("ircal.cli.repair", "Take everything off a Google calendar that ircal made, and nothing else."),
    "serve": ("ircal.cli.serving", "Serve the feeds and the pages over HTTP, and keep the Google calendars true."),
    "worker": (
        "ircal.cli.serving",
        "Keep the Google calendars true, beside other processes that share a PostgreSQL.",
    ),
    "sandbox": ("ircal.cli.serving", "Run a local Google Calendar to try things on."),
    "demo": ("ircal.cli.serving", "Show it all on this machine: sandbox, sync and feeds, without an account."),
    "token": ("ircal.cli.tokens", "Issue, rotate, list and revoke the secret links of feeds."),
    "admin": ("ircal.cli.admin", "Make what coordinators sign in to the pages with."),
    "store": ("ircal.cli.stores", "Bring the store up to date, take a backup of it, put one back."),
}
"""Each command's module and the sentence that `ircal --help` shows for it."""

EXIT_CODES = {
    "GuardRefused": 3,
    "RemoteError": 4,
    "Undelivered": 4,
    "FeedUnreachable": 4,
    "OutputError": 74,
    "ReaderGone": 141,
}
PENDING = 2
"""The exit code of a command that tells what it would do, where there is something to do."""
DIFFERENT = 2
"""That of one that compares, where the two differ."""
SOME_FAILED = 5
"""That of one that does something for many, of which some failed and the others are done."""
USAGE = 64
INTERRUPTED = 130


class Sentences(click.Group):
    """A group whose `--help` has the first sentence of each command whole."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands for `--help`."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, (each.help or "").split("\n\n")[0]) for name, each in self.commands.items()])


class LazyGroup(click.Group):
    """A group that imports a command's module only when the command is called or its own help is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in the order in which a newcomer meets them."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        function = f"{cmd_name}_" if keyword.iskeyword(cmd_name) else cmd_name  # `import_`
        command = getattr(importlib.import_module(COMMANDS[cmd_name][0]), function)
        if not isinstance(command, click.Command):
            raise TypeError(cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands for `--help`, without importing any."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, sentence) for name, (_, sentence) in COMMANDS.items()])


@click.group(
    cls=LazyGroup,
    epilog="Start with `ircal demo`, or `ircal check --config DIR` on a programme of your own.",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="ircal")
@click.option(
    "--config", type=Text(), metavar="DIR", help="The programme's folder (default: IRCAL_CONFIG, or config/)."
)
@click.pass_context
def ircal(ctx: click.Context, config: str | None) -> None:
    """Make every calendar say what the residency programme says."""
    from ircal.cli import output

    ctx.color = output.colour()
    ctx.obj = config


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command line and exit with its code. No error that has an explanation is shown as a traceback."""
    from ircal.cli import streams

    streams.make_ready()
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run a command line; returns the exit code (`docs/reference/exit-codes.md`)."""
    from ircal.cli import output, streams

    try:
        outcome = ircal.main(arguments, prog_name="ircal", standalone_mode=False)
    except streams.ReaderGone as error:
        return exit_code(error)
    except IrcalError as error:
        output.error(error)
        return exit_code(error)
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.ClickException as error:
        error.show()
        return USAGE if isinstance(error, click.UsageError) else 1
    except (KeyboardInterrupt, click.Abort):
        output.note("Interrupted.")
        return INTERRUPTED
    return outcome if isinstance(outcome, int) else 0


def exit_code(error: IrcalError) -> int:
    """The exit code of an error: the most special one known among its kinds, else 1."""
    return next((EXIT_CODES[kind.__name__] for kind in type(error).__mro__ if kind.__name__ in EXIT_CODES), 1)
