"""Make the tables of jobs and of episodes."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_LIVE = sa.text("state NOT IN ('paused', 'completed', 'failed', 'cancelled')")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Go from nothing to 0001."""
    _make_jobs()
    _make_episodes()


def downgrade() -> None:
    """Go back from 0001 to nothing."""
    op.drop_table("episodes")
    op.drop_table("training_jobs")


def _make_jobs() -> None:
    op.create_table(
        "training_jobs",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("strategy", sa.Text, nullable=False),
        sa.Column("optimizer", sa.String(64), nullable=False),
        sa.Column("objective", sa.String(64), nullable=False),
        sa.Column("spec", sa.JSON, nullable=False),
        sa.Column("seed", sa.BigInteger, nullable=False),
        sa.Column("priority", sa.Integer, nullable=False),
        sa.Column("progress", sa.Double, nullable=False),
        sa.Column("current_episode", sa.Integer, nullable=False),
        sa.Column("total_episodes", sa.Integer, nullable=False),
        sa.Column("completed_episodes", sa.Integer, nullable=False),
        sa.Column("failed_episodes", sa.Integer, nullable=False),
        sa.Column("current_stage", sa.String(32)),
        sa.Column("candles_processed", sa.BigInteger, nullable=False),
        sa.Column("total_candles", sa.BigInteger, nullable=False),
        sa.Column("backtest_stage", sa.String(32)),
        sa.Column("current_reward", sa.Double),
        sa.Column("current_loss", sa.Double),
        sa.Column("best_score", sa.Double),
        sa.Column("best_episode", sa.Integer),
        sa.Column("eta_seconds", sa.Double),
        sa.Column("candles_per_second", sa.Double),
        sa.Column("elapsed_seconds", sa.Double, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("worker", sa.Text),
        sa.Column("lease_until", _MOMENT),
        sa.Column("request", sa.String(16)),
        sa.Column("fingerprint", sa.String(64)),
        sa.Column("error", sa.Text),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("started_at", _MOMENT),
        sa.Column("heartbeat_at", _MOMENT),
        sa.Column("finished_at", _MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_training_jobs"),
    )
    _index_jobs()


def _index_jobs() -> None:
    op.create_index(
        "ix_training_jobs_claim",
        "training_jobs",
        [sa.column("priority").desc(), "created_at", "id"],
        sqlite_where=_LIVE,
        postgresql_where=_LIVE,
    )
    op.create_index("ix_training_jobs_created_at_id", "training_jobs", ["created_at", "id"])
    op.create_index("ix_training_jobs_state_created_at_id", "training_jobs", ["state", "created_at", "id"])


def _make_episodes() -> None:
    op.create_table(
        "episodes",
        sa.Column("job_id", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("params", sa.JSON, nullable=False),
        sa.Column("score", sa.Double),
        sa.Column("metrics", sa.JSON),
        sa.Column("stage", sa.String(32)),
        sa.Column("candles_processed", sa.BigInteger, nullable=False),
        sa.Column("total_candles", sa.BigInteger, nullable=False),
        sa.Column("worker", sa.Text),
        sa.Column("started_at", _MOMENT),
        sa.Column("finished_at", _MOMENT),
        sa.Column("error", sa.Text),
        sa.PrimaryKeyConstraint("job_id", "number", name="pk_episodes"),
        sa.ForeignKeyConstraint(
            ["job_id"], ["training_jobs.id"], name="fk_episodes_job_id_training_jobs", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_episodes_job_id_score", "episodes", ["job_id", "score"])
