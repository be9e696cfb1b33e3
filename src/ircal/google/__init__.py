"""The Google edge: the calendars that ircal writes, and a local stand-in for them.

    client, auth, access Google's own client, pointed at an API root, who we are towards it, and its access tokens
    login                a user who signs in with a browser
    transport            the HTTP client under both
    remote               a Google calendar as an `ircal.sync.Remote`; start reading here
    requests, writing    what is sent about an event; masters and their exceptions in order
    identity             the mark that says whose an event is, and its id
    source               where an event says that it comes from
    listing              what is there: all of it, or what changed
    wire, reading        a Series as Google's events, and back
    answers              what Google answers, with types
    colors               CSS colour names as Google's eleven
    sending, errors      batches and retries; Google's refusals in our words
    gate, pacing         what every request passes: calls a minute, and a circuit for quotas that are used up
    counting             where the calls are counted, for whoever else makes some
    reader               what a person sees on a calendar, and what we may do there
    sharing              whom a calendar is shared with
    channels             being told of changes: opening channels for it, and stopping them
    channel_names        their ids and tokens
    lifetimes            when they are opened, renewed and stopped
    sandbox              the stand-in

Nothing is imported here: the client is slow to load, and the sandbox does without it.
"""
