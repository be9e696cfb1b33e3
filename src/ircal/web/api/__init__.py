"""The JSON API, `/api/v1`: everything that the pages show, for programs, and by the same rules of who may see it.

    app         the application, its OpenAPI description, and what holds for all answers
    access      who asks, and whether they may: a session, a token, a person's own secret
    problems    errors as `application/problem+json` (RFC 9457)
    unchanged   304 where nothing is different (RFC 9110, 13)
    shapes      what is answered, field by field; `syncing_shapes` for Google calendars
    reading     programme, people, schedule, agendas, conferences, coverage, checks, calendars
    syncing     state, runs, journal and plans of Google calendars; resync and apply
    trying      a sheet tried out

Names of fields are stable. Days are ISO 8601, instants RFC 3339 with their offset; a stretch has its `last` day
included, where `end` is the instant or day that is not part of it any more.
"""
