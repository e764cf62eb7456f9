"""What became of a job, in sentences."""

from dataclasses import replace

import pytest
from tests.fakes.training import CANDLES
from tests.unit.server.events.looks import QUEUED, running

from trad.server.events.changes import (
    MOST_FAILURES,
    Line,
    Look,
    condition_lines,
    failure_lines,
    fitting,
    lines,
    removed_line,
)
from trad.service.conditions import Condition
from trad.training.job import Episode, Job

STALLED = Condition(
    kind="stalled", cause="episode 3 has not moved for 61 s", remedy="wait, or cancel the job"
)


def said(before: Job | None, now: Job) -> list[str]:
    """What the log says, level first."""
    old = None if before is None else Look(job=before)
    told = lines(old, Look(job=now))
    assert all(line.job_id == now.id for line in told)
    return [f"{line.level}: {line.message}" for line in told]


def ended(state: str, *, attempt: int = 1, **fields: object) -> Job:
    return replace(running(attempt=attempt, **fields), state=state, lease_until=None)  # type: ignore[arg-type]


PAUSED = ended("paused")


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (None, QUEUED, ["info: queued: 20 episodes of sma_cross by random search"]),
        (None, running(), ["info: claimed by host:1 (attempt 1)"]),
        (QUEUED, running(), ["info: claimed by host:1 (attempt 1)"]),
        (
            running(),
            running("host:2", 2),
            ["warning: taken over by host:2 (attempt 2) from host:1, which was lost"],
        ),
        (PAUSED, running(attempt=2), ["info: claimed by host:1 (attempt 2)"]),
        (running(), replace(QUEUED, attempt=1), ["info: handed back to the queue; its episodes stay"]),
        (PAUSED, replace(QUEUED, attempt=1), ["info: queued again"]),
        (running(), PAUSED, ["info: paused"]),
        (
            running(),
            ended("paused", error="the strategy changed; bring it back"),
            ["warning: paused: the strategy changed; bring it back"],
        ),
        (running(), ended("failed", error="no worker starts"), ["error: failed: no worker starts"]),
        (QUEUED, replace(QUEUED, state="cancelled"), ["info: cancelled"]),
        (
            running(),
            ended("completed", recorded_episodes=20, failed_episodes=2, best_score=1.25, best_episode=4),
            ["info: completed: 20 episodes, 2 of them failed; the best score is 1.25 (episode 4)"],
        ),
        (
            QUEUED,
            ended("completed", recorded_episodes=20),
            ["info: claimed by host:1 (attempt 1)", "info: completed: 20 episodes; no episode has a score"],
        ),
        (running(), running(request="cancel"), ["info: asked to cancel"]),
        (running(request="cancel"), running(request="cancel"), []),
        (running(), running(note="proposing episode 9"), ["info: proposing episode 9"]),
        (running(note="proposing episode 9"), running(), []),
        (running(note="waiting for 9 s"), running(note="waiting for 10.5 s"), []),
        (running(), running(progress=5.0, heartbeat_at=1_011.0), []),
    ],
    ids=[
        "new",
        "new-and-running",
        "claimed",
        "taken-over",
        "resumed",
        "handed-back",
        "requeued",
        "paused",
        "paused-with-cause",
        "failed",
        "cancelled",
        "completed",
        "done-between-two-looks",
        "asked",
        "asked-before",
        "note",
        "note-gone",
        "note-counts-on",
        "progress",
    ],
)
def test_what_a_step_says(before: Job | None, now: Job, expected: list[str]) -> None:
    assert said(before, now) == expected


def test_a_condition_is_told_when_it_comes_and_when_it_goes() -> None:
    free, stalled = Look(job=running()), Look(job=running(), condition=STALLED)
    (came,) = condition_lines(free, stalled)
    assert came == Line(level="warning", job_id="job-a", message=f"{STALLED.cause}; {STALLED.remedy}")
    (went,) = condition_lines(stalled, free)
    assert went == Line(level="info", job_id="job-a", message=f"goes on; this is over: {STALLED.cause}")


def test_a_condition_whose_words_change_is_not_told_again() -> None:
    longer = replace(STALLED, cause="episode 3 has not moved for 62 s")
    before, now = Look(job=running(), condition=STALLED), Look(job=running(), condition=longer)
    assert lines(before, now) == []


def test_a_note_that_a_condition_tells_is_not_told_twice() -> None:
    note = f"{STALLED.cause}; {STALLED.remedy}"
    told = lines(Look(job=running()), Look(job=running(note=note), condition=STALLED))
    assert [(line.level, line.message) for line in told] == [("warning", note)]


def test_a_state_that_says_it_all_is_not_said_twice() -> None:
    failed = ended("failed", error="no worker starts")
    now = Look(job=failed, condition=Condition(kind="failed", cause="no worker starts", remedy="see the log"))
    assert [line.message for line in lines(Look(job=running()), now)] == ["failed: no worker starts"]
    now = Look(job=PAUSED)
    assert [line.message for line in lines(Look(job=running(), condition=STALLED), now)] == ["paused"]


def episode(number: int, *, error: str | None = None) -> Episode:
    state = "failed" if error is not None else "completed"
    return Episode(number=number, state=state, params={}, total_candles=CANDLES, error=error)  # type: ignore[arg-type]


def test_failed_episodes_are_told_with_their_cause_and_many_of_them_counted() -> None:
    told = failure_lines(QUEUED, [episode(1), episode(2, error="ZeroDivisionError (mine.py, line 3)")])
    assert [line.message for line in told] == ["episode 2 failed: ZeroDivisionError (mine.py, line 3)"]
    told = failure_lines(QUEUED, [episode(n, error="x") for n in range(1, MOST_FAILURES + 4)])
    assert len(told) == MOST_FAILURES + 1
    assert told[-1].message == "3 more episodes failed"


def test_control_characters_are_shown_not_sent() -> None:
    assert fitting("a\x1b[31mb\x00\u202e\nc") == "a\\x1b[31mb\\x00\\u202e\nc"
    (line,) = lines(Look(job=running()), Look(job=ended("failed", error="bell\x07")))
    assert line.message == "failed: bell\\x07"


def test_a_message_has_an_end() -> None:
    assert len(fitting("x" * 100_000)) < 2_100


def test_a_deleted_job_is_told_by_its_id() -> None:
    assert removed_line("job-a") == Line(level="info", job_id="job-a", message="job job-a was deleted")
