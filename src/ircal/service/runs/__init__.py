"""Runs: a calendar, or some, made to say what the programme says. All doors come here.

    ircal serve, ircal worker    a calendar that is due     visits --+
    ircal sync                   what somebody asks for     ---------+--> perform --> ircal.sync
    ircal resync                 the same, compared anew    ---------+

    visits      what a worker does when it comes to a calendar, and when it tries again (`pauses`)
    holding     never two at one calendar, be they threads, processes or machines
    perform     the one way: whom to share with, look, guard, write, compare
    account     what a run needs of Google
    records     what is written down of it
    telling     what became of a calendar, in one line

A run trusts nothing that an earlier one remembered, so one that is cut short is mended by the next. What no hold can
stop is a request that a frozen process has sent already: that writes nothing twice, for ids are given, and nothing
over what is newer, for writes are conditional.
"""
