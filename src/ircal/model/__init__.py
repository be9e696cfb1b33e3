"""The words of ircal: frozen values that every floor above speaks in. Imports nothing else of ircal.

`program` is what the configuration says, `schedule` what follows from it day by day, `series` how a calendar says it.
"""
