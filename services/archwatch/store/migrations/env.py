"""What Alembic runs for each command: the connection comes from the caller, inside a transaction."""

from alembic import context

from archwatch.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite cannot alter most of a table: it is copied
    user_module_prefix="tables.",
)
context.run_migrations()
