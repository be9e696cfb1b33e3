"""What Alembic runs around the scripts: which connection they use, and from which version they begin.

Who calls gives the connection, and ends its transaction: either all scripts have run, or none.
"""

from __future__ import annotations

from alembic import context

from ircal.store.schema import metadata

_given = context.config.attributes

context.configure(
    connection=_given["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite changes a column by making the table anew
    compare_server_default=True,
)
if found := _given.get("found"):
    context.get_context().stamp(context.script, found)
context.run_migrations()
