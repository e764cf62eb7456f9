"""The documents that events carry: what the description says, and nothing that JSON does not know."""

import json
from math import nan

import pytest
from tests.unit.server.events.looks import QUEUED, episodes, running

from trad.progress import RunningEpisode
from trad.server.events.changes import Line, Look
from trad.server.events.payloads import (
    EpisodeEvent,
    JobEvent,
    JobRemoved,
    LogEvent,
    ResetEvent,
    episode_event_document,
    job_document,
    log_document,
    removed_document,
    reset_document,
)
from trad.server.schemas import JobOut
from trad.training.browsing import EndedEpisode
from trad.training.job import Job

UNDER_WAY = RunningEpisode(
    number=7,
    worker="host:1 worker 2",
    stage="signal_generation",
    candles_processed=450,
    total_candles=1_000,
    fraction=0.225,
    age_seconds=1.5,
)


@pytest.mark.parametrize("job", [QUEUED, running(running=(UNDER_WAY,))], ids=["queued", "running"])
def test_a_job_is_what_the_api_answers_with(job: Job) -> None:
    document = job_document(Look(job=job))
    read = JobEvent.model_validate_json(document).root
    assert isinstance(read, JobOut)
    assert (read.id, read.state, read.condition) == (job.id, job.state, None)
    assert read.model_dump(mode="json") == json.loads(document)


def test_a_running_job_shows_all_three_levels() -> None:
    data = json.loads(job_document(Look(job=running(progress=31.1, eta_seconds=12.0, running=(UNDER_WAY,)))))
    assert (data["progress"], data["total_episodes"], data["eta_seconds"]) == (31.1, 20, 12.0)
    assert data["workers"] == ["host:1 worker 2"]
    (episode,) = data["running"]
    assert (episode["number"], episode["stage"]) == (7, "signal_generation")
    assert (episode["candles_processed"], episode["total_candles"], episode["percent"]) == (450, 1_000, 45.0)


def test_a_deleted_job_is_told_by_a_document_of_its_own() -> None:
    read = JobEvent.model_validate_json(removed_document("job-a")).root
    assert read == JobRemoved(id="job-a")
    assert json.loads(removed_document("job-a")) == {"id": "job-a", "state": "deleted"}


def test_an_episode_names_its_job_and_its_place() -> None:
    (ended,) = episodes(1, failed=[1])
    read = EpisodeEvent.model_validate_json(
        episode_event_document("job-a", EndedEpisode(place=3, episode=ended))
    )
    assert (read.job_id, read.place, read.number, read.state, read.error) == (
        "job-a",
        3,
        1,
        "failed",
        "ValueError: no",
    )


def test_a_line_and_a_reset_say_what_they_are_about() -> None:
    line = LogEvent.model_validate_json(log_document(Line(level="info", message="claimed", job_id="job-a")))
    assert (line.level, line.message, line.job_id) == ("info", "claimed", "job-a")
    reset = ResetEvent.model_validate_json(reset_document("too slow"))
    assert (reset.reason, reset.job_id) == ("too slow", None)


def test_every_document_is_one_line_of_strict_json() -> None:
    job = running(best_score=nan, note="a\nb")
    for document in (job_document(Look(job=job)), log_document(Line(level="info", message="a\r\nb"))):
        assert "\n" not in document
        assert "\r" not in document
        json.loads(document, parse_constant=pytest.fail)
