"""From looks at rows to events: each change once, in its order, and no more memory than is needed."""

import json
from dataclasses import replace

import pytest
from tests.unit.server.events.looks import QUEUED, ScriptedBrowser, episodes, running, told

from trad.errors import LedgerUnavailable
from trad.server.events import fold as folding
from trad.server.events.fold import (
    EPISODES_AT_ONCE,
    JOBS_AT_ONCE,
    LINES_AT_ONCE,
    MOST_BEHIND,
    Around,
    EventFold,
)
from trad.training.job import Job
from trad.training.workers import RegisteredWorker, WorkerReport

WORKER = RegisteredWorker(
    report=WorkerReport(id="host:1", host="host", pid=1, processes=1, job_id=None, version="0"),
    started_at=1_000.0,
    heartbeat_at=1_010.0,
    alive=True,
)
AROUND = Around(now=1_010.0, workers=(WORKER,))


def primed(*jobs: Job) -> tuple[EventFold, ScriptedBrowser]:
    browser = ScriptedBrowser()
    fold = EventFold(browser)
    fold.prime(jobs, AROUND)
    assert fold.take() == []
    return fold, browser


def step(fold: EventFold, *jobs: Job, around: Around = AROUND) -> list[tuple[str, str]]:
    for job in jobs:
        fold.job(job, around, is_new=True)
    return told(fold.take())


def test_what_was_there_before_is_no_news() -> None:
    fold, _ = primed(running(recorded_episodes=7))
    assert list(fold.standing) == ["job-a"]
    assert step(fold, running(recorded_episodes=7)) == []


def test_a_change_gives_a_snapshot_and_then_what_there_is_to_say() -> None:
    fold, _ = primed(QUEUED)
    assert step(fold, running()) == [("job", "job-a running"), ("log", "claimed by host:1 (attempt 1)")]
    assert step(fold, running()) == []
    assert step(fold, running(progress=5.0)) == [("job", "job-a running")]
    assert json.loads(fold.standing["job-a"])["progress"] == 5.0


def test_a_job_that_runs_no_more_stands_no_more() -> None:
    fold, _ = primed(running())
    assert step(fold, replace(running(), state="paused")) == [("job", "job-a paused"), ("log", "paused")]
    assert fold.standing == {}


def test_progress_never_falls() -> None:
    fold, _ = primed(running(progress=50.0))
    step(fold, running(progress=40.0, completed_episodes=8))
    assert json.loads(fold.standing["job-a"])["progress"] == 50.0
    step(fold, running(progress=60.0))
    assert json.loads(fold.standing["job-a"])["progress"] == 60.0


def test_episodes_are_told_once_in_the_order_of_their_ends_and_before_the_snapshot_that_counts_them() -> None:
    fold, browser = primed(running())
    browser.recorded["job-a"] = episodes(3, failed=[2])
    assert step(fold, running(recorded_episodes=2)) == [
        ("episode", "job-a 1"),
        ("episode", "job-a 2"),
        ("episode", "job-a 3"),
        ("log", "episode 2 failed: ValueError: no"),
        ("job", "job-a running"),
    ]
    assert step(fold, running(recorded_episodes=3)) == [("job", "job-a running")]


def test_an_episode_says_its_place() -> None:
    fold, browser = primed(running(recorded_episodes=1))
    browser.recorded["job-a"] = episodes(2)
    fold.job(running(recorded_episodes=2), AROUND, is_new=False)
    data = json.loads(fold.take()[0].data)
    assert (data["place"], data["number"], data["score"], data["params"]) == (2, 2, 2.0, {"x": 2})


def test_a_long_backlog_is_told_in_portions_after_the_job_ended_too() -> None:
    fold, browser = primed(running())
    count = 2 * EPISODES_AT_ONCE + 1
    browser.recorded["job-a"] = episodes(count)
    done = replace(running(recorded_episodes=count), state="completed")
    seen = [word for kind, word in step(fold, done) if kind == "episode"]
    assert len(seen) == EPISODES_AT_ONCE
    while len(seen) < count:
        fold.backlog(frozenset())
        more = [word for kind, word in told(fold.take()) if kind == "episode"]
        assert 0 < len(more) <= EPISODES_AT_ONCE
        seen += more
    assert seen == [f"job-a {n}" for n in range(1, count + 1)]
    fold.backlog(frozenset())
    assert fold.take() == []


def test_too_long_a_backlog_is_skipped_and_the_clients_are_told() -> None:
    fold, browser = primed(running())
    browser.recorded["job-a"] = episodes(MOST_BEHIND + 2)
    fold.job(running(recorded_episodes=MOST_BEHIND + 1), AROUND, is_new=False)
    reset, snapshot = fold.take()
    assert (reset.kind, json.loads(reset.data)["job_id"], snapshot.kind) == ("reset", "job-a", "job")
    assert step(fold, running(recorded_episodes=MOST_BEHIND + 2))[0] == (
        "episode",
        f"job-a {MOST_BEHIND + 2}",
    )


def test_an_old_job_that_was_forgotten_does_not_tell_its_episodes_again() -> None:
    fold, browser = primed()
    browser.recorded["job-a"] = episodes(5)
    fold.job(running(recorded_episodes=5, attempt=2), AROUND, is_new=False)
    assert [kind for kind, _ in told(fold.take())] == ["reset", "job", "log"]


def test_a_deleted_job_is_told_once_however_often_the_ledger_repeats_it() -> None:
    fold, _ = primed(QUEUED)
    for expected in ([("job", "job-a deleted"), ("log", "job job-a was deleted")], []):
        fold.removed(["job-a"])
        assert told(fold.take()) == expected


def test_a_job_deleted_while_its_episodes_are_read_is_no_error() -> None:
    fold, _ = primed(running())
    assert step(fold, running(recorded_episodes=1)) == [("job", "job-a running")]


def test_a_look_that_fails_can_be_made_again_and_nothing_is_lost_or_told_twice() -> None:
    fold, browser = primed(running())
    browser.recorded["job-a"] = episodes(2)
    browser.fault = LedgerUnavailable("the database is gone")
    with pytest.raises(LedgerUnavailable):
        step(fold, running(recorded_episodes=2))
    assert fold.take() == []
    browser.fault = None
    assert [kind for kind, _ in step(fold, running(recorded_episodes=2))] == ["episode", "episode", "job"]


def test_a_lost_worker_shows_though_no_row_changed() -> None:
    fold, _ = primed(running())
    late = Around(now=1_013.5, workers=(WORKER,))
    kinds = [kind for kind, _ in step(fold, running(), around=late)]
    assert kinds == ["job", "log"]
    assert json.loads(fold.standing["job-a"])["condition"] is not None
    assert step(fold, running(), around=late) == []


def test_queued_jobs_hear_of_the_workers_that_come_and_go() -> None:
    fold, _ = primed(QUEUED)
    fold.reconsider(Around(now=1_010.0))
    assert [kind for kind, _ in told(fold.take())] == ["job", "log"]
    fold.reconsider(Around(now=1_010.0))
    assert fold.take() == []
    fold.reconsider(AROUND)
    assert [kind for kind, _ in told(fold.take())] == ["job", "log"]


def test_what_befalls_very_many_jobs_is_told_in_portions_and_said_in_few_lines() -> None:
    count = JOBS_AT_ONCE + 50
    fold, _ = primed(*(replace(QUEUED, id=f"job-{n}") for n in range(count)))
    fold.reconsider(Around(now=1_010.0))
    first = told(fold.take())
    assert [kind for kind, _ in first] == ["job"] * JOBS_AT_ONCE + ["log"] * (LINES_AT_ONCE + 1)
    assert first[-1][1] == f"the same is true of {JOBS_AT_ONCE - LINES_AT_ONCE} more jobs"
    fold.reconsider(Around(now=1_010.0))
    second = told(fold.take())
    assert [kind for kind, _ in second].count("job") == 50


def test_memory_is_bounded_by_the_running_jobs_and_some_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folding, "MOST_KNOWN", 10)
    fold, _ = primed(replace(running(), id="busy"))
    for n in range(100):
        step(fold, replace(QUEUED, id=f"job-{n}"))
        fold.forget(frozenset([f"job-{n}"]))
    assert len(fold._known) == 10
    assert "busy" in fold._known
    fold.forget(frozenset(fold._known))
    assert len(fold._known) == 10, "what was seen just now may be told again, so it stays"
