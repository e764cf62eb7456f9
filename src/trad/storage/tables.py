"""The tables: what outside readers may rely on."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    text,
)

from trad.storage.clock import UtcTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

LIVE = "state NOT IN ('paused', 'completed', 'failed', 'cancelled')"
"""The condition of the claims' index, which holds the jobs that are queued or running.

A query that is to use that index carries these very words; put the other way round, as IN, they would
lead SQLite to the index by state, and to sorting all that waits.
"""

training_jobs = Table(
    "training_jobs",
    metadata,
    Column("id", String(32), nullable=False),
    Column("state", String(16), nullable=False),
    Column("strategy", Text, nullable=False),
    Column("optimizer", String(64), nullable=False),
    Column("objective", String(64), nullable=False),
    Column("spec", JSON, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("progress", Double, nullable=False),
    Column("current_episode", Integer, nullable=False),
    Column("total_episodes", Integer, nullable=False),
    Column("completed_episodes", Integer, nullable=False),
    Column("failed_episodes", Integer, nullable=False),
    Column("current_stage", String(32)),
    Column("candles_processed", BigInteger, nullable=False),
    Column("total_candles", BigInteger, nullable=False),
    Column("backtest_stage", String(32)),
    Column("current_reward", Double),
    Column("current_loss", Double),
    Column("best_score", Double),
    Column("best_episode", Integer),
    Column("eta_seconds", Double),
    Column("candles_per_second", Double),
    Column("elapsed_seconds", Double, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("worker", Text),
    Column("lease_until", UtcTime),
    Column("request", String(16)),
    Column("fingerprint", String(64)),
    Column("error", Text),
    Column("created_at", UtcTime, nullable=False),
    Column("started_at", UtcTime),
    Column("heartbeat_at", UtcTime),
    Column("finished_at", UtcTime),
    Column("recorded_episodes", Integer, nullable=False),
    Column("lost_attempts", Integer, nullable=False),
    Column("running", JSON(none_as_null=True)),
    Column("note", Text),
    Column("changed_at", UtcTime, nullable=False),
    Column("submission_key", String(255)),
    Column("submission_digest", String(64)),
    PrimaryKeyConstraint("id"),
)

# In the order in which jobs are claimed, and only as long as the jobs that are not over.
Index(
    "ix_training_jobs_claim",
    training_jobs.c.priority.desc(),
    training_jobs.c.created_at,
    training_jobs.c.id,
    sqlite_where=text(LIVE),
    postgresql_where=text(LIVE),
)
Index(None, training_jobs.c.submission_key, unique=True)
Index(None, training_jobs.c.changed_at)
Index(None, training_jobs.c.created_at, training_jobs.c.id)
Index(None, training_jobs.c.state, training_jobs.c.created_at, training_jobs.c.id)

episodes = Table(
    "episodes",
    metadata,
    Column("job_id", String(32), ForeignKey(training_jobs.c.id, ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("params", JSON, nullable=False),
    Column("score", Double),
    Column("metrics", JSON(none_as_null=True)),
    Column("stage", String(32)),
    Column("candles_processed", BigInteger, nullable=False),
    Column("total_candles", BigInteger, nullable=False),
    Column("worker", Text),
    Column("started_at", UtcTime),
    Column("finished_at", UtcTime),
    Column("error", Text),
    Column("place", Integer, nullable=False),
    PrimaryKeyConstraint("job_id", "number"),
    Index(None, "job_id", "place", unique=True),
    Index(None, "job_id", "state", "number"),
)

# The best first, of one state: a list of several states is put together from theirs.
Index(
    "ix_episodes_ranking",
    episodes.c.job_id,
    episodes.c.state,
    episodes.c.score.desc(),
    episodes.c.number,
)

# What is left of a deleted job, for those who watch all jobs and would not notice that one is missing.
removed_jobs = Table(
    "removed_jobs",
    metadata,
    Column("id", String(32), nullable=False),
    Column("removed_at", UtcTime, nullable=False),
    PrimaryKeyConstraint("id"),
    Index(None, "removed_at"),
)

workers = Table(
    "workers",
    metadata,
    Column("id", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("pid", BigInteger, nullable=False),
    Column("processes", Integer, nullable=False),
    Column("job_id", String(32)),
    Column("version", Text, nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("heartbeat_at", UtcTime, nullable=False),
    Column("lease_until", UtcTime, nullable=False),
    PrimaryKeyConstraint("id"),
)

# Alembic's own table, kept apart so that it is not taken for one of Trad's.
versions = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
