"""The history of the tables, for Alembic.

After a change in `trad.storage.tables`, with a scratch database at the present head, this writes the
script of the next revision, to be read and corrected; its number then joins `revisions.REVISIONS`:

    with open_database("sqlite:////tmp/scratch.db").connect() as connection:
        command.revision(alembic_config(connection), "what changes", autogenerate=True, rev_id="0002")
"""
