"""The rule engine: `expand(program, window)` works out every dated occurrence that follows from a Program.

Pure: no clock, file, network, environment or log. Start reading at `ircal.rules.expand`.
"""
