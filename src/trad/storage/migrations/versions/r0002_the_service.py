"""Let jobs and episodes be watched and paged through; keep workers and what was removed."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_LIVE = sa.text("state NOT IN ('paused', 'completed', 'failed', 'cancelled')")
_MOMENT = sa.DateTime(timezone=True)

_COUNT = """
    UPDATE training_jobs SET
        lost_attempts = 0,
        recorded_episodes = (SELECT count(*) FROM episodes WHERE episodes.job_id = training_jobs.id),
        changed_at = coalesce(finished_at, started_at, created_at)
"""
_PLACE = """
    UPDATE episodes SET place = counted.place
    FROM (
        SELECT job_id, number, row_number() OVER (PARTITION BY job_id ORDER BY number) AS place
        FROM episodes
    ) AS counted
    WHERE counted.job_id = episodes.job_id AND counted.number = episodes.number
"""


def upgrade() -> None:
    """Go from 0001 to 0002."""
    _widen_jobs()
    _widen_episodes()
    _make_removed_jobs()
    _make_workers()


def downgrade() -> None:
    """Go back from 0002 to 0001."""
    op.drop_table("workers")
    op.drop_table("removed_jobs")
    op.drop_index("ix_episodes_ranking", "episodes")
    op.drop_index("ix_episodes_job_id_state_number", "episodes")
    op.drop_index("ix_episodes_job_id_place", "episodes")
    with op.batch_alter_table("episodes") as episodes:
        episodes.drop_column("place")
    op.create_index("ix_episodes_job_id_score", "episodes", ["job_id", "score"])
    op.drop_index("ix_training_jobs_changed_at", "training_jobs")
    op.drop_index("ix_training_jobs_submission_key", "training_jobs")
    op.drop_index("ix_training_jobs_claim", "training_jobs")
    with op.batch_alter_table("training_jobs") as jobs:
        for name in ("submission_digest", "submission_key", "changed_at", "note", "running"):
            jobs.drop_column(name)
        jobs.drop_column("recorded_episodes")
        jobs.drop_column("lost_attempts")
    _index_claims()


def _widen_jobs() -> None:
    op.add_column("training_jobs", sa.Column("recorded_episodes", sa.Integer))
    op.add_column("training_jobs", sa.Column("lost_attempts", sa.Integer))
    op.add_column("training_jobs", sa.Column("running", sa.JSON))
    op.add_column("training_jobs", sa.Column("note", sa.Text))
    op.add_column("training_jobs", sa.Column("changed_at", _MOMENT))
    op.add_column("training_jobs", sa.Column("submission_key", sa.String(255)))
    op.add_column("training_jobs", sa.Column("submission_digest", sa.String(64)))
    op.execute(_COUNT)
    # SQLite rebuilds the table, and would forget that this index runs downwards.
    op.drop_index("ix_training_jobs_claim", "training_jobs")
    with op.batch_alter_table("training_jobs") as jobs:
        jobs.alter_column("recorded_episodes", existing_type=sa.Integer, nullable=False)
        jobs.alter_column("lost_attempts", existing_type=sa.Integer, nullable=False)
        jobs.alter_column("changed_at", existing_type=_MOMENT, nullable=False)
    _index_claims()
    op.create_index("ix_training_jobs_submission_key", "training_jobs", ["submission_key"], unique=True)
    op.create_index("ix_training_jobs_changed_at", "training_jobs", ["changed_at"])


def _index_claims() -> None:
    op.create_index(
        "ix_training_jobs_claim",
        "training_jobs",
        [sa.column("priority").desc(), "created_at", "id"],
        sqlite_where=_LIVE,
        postgresql_where=_LIVE,
    )


def _widen_episodes() -> None:
    op.drop_index("ix_episodes_job_id_score", "episodes")
    op.add_column("episodes", sa.Column("place", sa.Integer))
    op.execute(_PLACE)
    with op.batch_alter_table("episodes") as episodes:
        episodes.alter_column("place", existing_type=sa.Integer, nullable=False)
    op.create_index("ix_episodes_job_id_place", "episodes", ["job_id", "place"], unique=True)
    op.create_index("ix_episodes_job_id_state_number", "episodes", ["job_id", "state", "number"])
    op.create_index(
        "ix_episodes_ranking", "episodes", ["job_id", "state", sa.column("score").desc(), "number"]
    )


def _make_removed_jobs() -> None:
    op.create_table(
        "removed_jobs",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("removed_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_removed_jobs"),
    )
    op.create_index("ix_removed_jobs_removed_at", "removed_jobs", ["removed_at"])


def _make_workers() -> None:
    op.create_table(
        "workers",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("pid", sa.BigInteger, nullable=False),
        sa.Column("processes", sa.Integer, nullable=False),
        sa.Column("job_id", sa.String(32)),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("started_at", _MOMENT, nullable=False),
        sa.Column("heartbeat_at", _MOMENT, nullable=False),
        sa.Column("lease_until", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_workers"),
    )
