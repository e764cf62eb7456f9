"""Reading one job's row."""

from sqlalchemy import Connection, RowMapping, Select, select

from trad.storage import ids, rows, transitions
from trad.storage.tables import training_jobs
from trad.training.job import Job, Submission


def row_of(connection: Connection, job_id: str, query: Select[*tuple[object, ...]]) -> RowMapping:
    """Read what `query` asks of one job.

    Raises:
        JobNotFound: There is none.
    """
    if not ids.well_formed(job_id):
        raise ids.unknown(job_id)
    row = connection.execute(query.where(training_jobs.c.id == job_id)).mappings().first()
    if row is None:
        raise ids.unknown(job_id)
    return row


def check_job(connection: Connection, job_id: str) -> None:
    """Make sure that there is such a job.

    Raises:
        JobNotFound: There is none.
    """
    row_of(connection, job_id, select(training_jobs.c.id))


def submitted_job(connection: Connection, submission: Submission) -> Job | None:
    """Read the job that a submission created before.

    Raises:
        SubmissionReused: The key stands for a job that was asked for with another digest.
    """
    query = select(training_jobs).where(training_jobs.c.submission_key == submission.key)
    row = connection.execute(query).mappings().first()
    if row is None:
        return None
    if row["submission_digest"] != submission.digest:
        raise transitions.reused(submission, row["id"])
    return rows.job_from(row)
