"""What Alembic runs: the migrations, over the connection that it is given, in that one's transaction."""

from alembic import context

from trad.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
