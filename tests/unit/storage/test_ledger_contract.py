"""The ledger's contract, sentence by sentence, for every implementation: who holds a job."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.unit.storage.ledgers import LEASE, START, STOPPED, Setting, episode, left, progress, running, spec

from trad.errors import JobBusy, LeaseLost
from trad.training.job import Claim, JobState
from trad.training.ledger import JobLedger

WRITES: dict[str, Callable[[JobLedger, Claim], object]] = {
    "heartbeat": lambda ledger, claim: ledger.heartbeat(claim),
    "save_progress": lambda ledger, claim: ledger.save_progress(claim, progress(claim, 50, running(3))),
    "record_episodes": lambda ledger, claim: ledger.record_episodes(claim, [episode(2, 0.9)]),
    "finish": lambda ledger, claim: ledger.finish(claim, "completed", fingerprint="f" * 64),
}


class TestCreating:
    def test_a_new_job_is_queued_and_says_what_was_asked(self, setting: Setting) -> None:
        job = setting.ledger.create(spec(episodes=30, seed=11), priority=2)
        assert job == setting.ledger.job(job.id)
        assert job.spec == spec(episodes=30, seed=11)
        assert (job.state, job.priority, job.seed, job.total_episodes) == ("queued", 2, 11, 30)
        assert (job.progress, job.current_episode, job.attempt) == (0.0, 0, 0)
        assert (job.strategy, job.optimizer, job.objective) == ("sma_cross", "random", "sharpe")
        assert (job.candles_processed, job.total_candles, job.current_stage) == (0, 10_000, "queued")
        assert (job.best_score, job.worker, job.lease_until, job.request, job.error) == (None,) * 5
        assert (job.created_at, job.started_at, job.finished_at) == (START, None, None)

    def test_what_the_caller_does_to_its_spec_later_changes_nothing(self, setting: Setting) -> None:
        mine = spec()
        job = setting.ledger.create(mine)
        mine.space["fast"] = 3
        assert setting.ledger.job(job.id).spec == spec()


class TestClaiming:
    def test_an_empty_queue_gives_nothing(self, setting: Setting) -> None:
        assert setting.ledger.claim("w1", lease_seconds=LEASE) is None

    def test_a_claim_carries_the_job_and_the_row_shows_the_worker(self, setting: Setting) -> None:
        made = setting.ledger.create(spec())
        setting.clock.advance(5)
        claim = setting.ledger.claim("w1", lease_seconds=LEASE)
        assert claim == Claim(job_id=made.id, attempt=1, worker="w1", lease_seconds=LEASE, spec=spec())
        job = setting.ledger.job(made.id)
        assert (job.state, job.attempt, job.worker, job.current_stage) == ("running", 1, "w1", "starting")
        assert (job.started_at, job.heartbeat_at, job.lease_until) == (
            START + 5,
            START + 5,
            START + 5 + LEASE,
        )

    def test_the_highest_priority_comes_first_then_the_oldest(self, setting: Setting) -> None:
        priorities = [0, 5, 0, 5, -1, 5]
        made = [setting.ledger.create(spec(), priority=priority).id for priority in priorities]
        claims = [setting.ledger.claim("w1", lease_seconds=LEASE) for _ in made]
        assert [made.index(claim.job_id) for claim in claims if claim] == [1, 3, 5, 0, 2, 4]

    def test_a_running_job_waits_for_nobody_until_its_lease_ends(self, setting: Setting) -> None:
        first = setting.claimed(worker="w1")
        setting.clock.advance(LEASE - 0.001)
        assert setting.ledger.claim("w2", lease_seconds=LEASE) is None
        setting.clock.advance(0.001)
        second = setting.ledger.claim("w2", lease_seconds=LEASE)
        assert second is not None
        assert (second.job_id, second.attempt) == (first.job_id, 2)

    def test_a_lost_job_keeps_its_place_among_the_queued(self, setting: Setting) -> None:
        lost, young = setting.claimed(), setting.ledger.create(spec())
        urgent = setting.ledger.create(spec(), priority=1)
        setting.clock.advance(LEASE)
        claims = [setting.ledger.claim("w2", lease_seconds=LEASE) for _ in range(3)]
        assert [claim.job_id for claim in claims if claim] == [urgent.id, lost.job_id, young.id]

    def test_a_job_under_a_lease_is_busy_and_the_error_says_whose(self, setting: Setting) -> None:
        claim = setting.claimed(worker="anna-7")
        setting.clock.advance(1)
        with pytest.raises(JobBusy, match=r"anna-7.* another 2\.0 s"):
            setting.ledger.claim("w2", lease_seconds=LEASE, job_id=claim.job_id)

    def test_a_lost_job_can_be_claimed_by_its_id(self, setting: Setting) -> None:
        assert setting.taken_over(setting.claimed()).attempt == 2

    @pytest.mark.parametrize("state", STOPPED)
    def test_a_stopped_job_is_claimed_by_its_id_alone(self, setting: Setting, state: JobState) -> None:
        claim = setting.claimed()
        setting.ledger.record_episodes(claim, [episode(1, 0.5)])
        job_id = left(setting, state, claim)
        setting.clock.advance(60)
        assert setting.ledger.claim("w2", lease_seconds=LEASE) is None
        again = setting.ledger.claim("w2", lease_seconds=LEASE, job_id=job_id)
        assert again is not None
        assert again.attempt == 2
        job = setting.ledger.job(job_id)
        assert (job.state, job.request, job.error, job.finished_at) == ("running", None, None, None)
        assert (job.started_at, job.completed_episodes) == (START, 1)
        assert [kept.number for kept in setting.ledger.episodes(job_id)] == [1]

    def test_a_queued_job_can_be_claimed_by_its_id(self, setting: Setting) -> None:
        setting.ledger.create(spec(), priority=9)
        job = setting.ledger.create(spec())
        claim = setting.ledger.claim("w1", lease_seconds=LEASE, job_id=job.id)
        assert claim is not None
        assert claim.job_id == job.id

    def test_a_completed_job_is_never_claimed(self, setting: Setting) -> None:
        job_id = left(setting, "completed")
        setting.clock.advance(60)
        assert setting.ledger.claim("w2", lease_seconds=LEASE, job_id=job_id) is None
        assert setting.ledger.claim("w2", lease_seconds=LEASE) is None
        assert setting.ledger.job(job_id).attempt == 1

    def test_threads_never_share_a_job(self, setting: Setting) -> None:
        made = {setting.ledger.create(spec()).id for _ in range(40)}

        def drain(worker: int) -> list[str]:
            taken = []
            while claim := setting.ledger.claim(f"w{worker}", lease_seconds=60):
                taken.append(claim.job_id)
            return taken

        with ThreadPoolExecutor(8) as threads:
            taken = [job_id for share in threads.map(drain, range(8)) for job_id in share]
        assert len(taken) == 40
        assert set(taken) == made


class TestLeases:
    def test_a_heartbeat_renews_the_lease(self, setting: Setting) -> None:
        claim = setting.claimed()
        setting.clock.advance(2)
        assert setting.ledger.heartbeat(claim) is None
        job = setting.ledger.job(claim.job_id)
        assert (job.heartbeat_at, job.lease_until) == (START + 2, START + 2 + LEASE)

    def test_a_late_worker_goes_on_if_nobody_else_came(self, setting: Setting) -> None:
        claim = setting.claimed()
        setting.clock.advance(100)
        assert setting.ledger.heartbeat(claim) is None
        assert setting.ledger.claim("w2", lease_seconds=LEASE) is None

    @pytest.mark.parametrize("how", WRITES)
    @pytest.mark.parametrize("why", ["taken over", "ended", "back in the queue", "deleted"])
    def test_a_worker_without_the_job_writes_nothing(self, setting: Setting, how: str, why: str) -> None:
        ledger, claim = setting.ledger, setting.claimed()
        ledger.record_episodes(claim, [episode(1, 0.5)])
        setting.clock.advance(LEASE)
        if why == "taken over":
            ledger.claim("w2", lease_seconds=LEASE)
        elif why == "ended":
            ledger.request(claim.job_id, "cancel")
        elif why == "back in the queue":
            ledger.requeue(claim.job_id)
        else:
            ledger.delete(claim.job_id)
        before = ledger.jobs()
        setting.clock.advance(1)
        with pytest.raises(LeaseLost, match=f"job {claim.job_id} .*attempt 1 of w1 must stop"):
            WRITES[how](ledger, claim)
        assert ledger.jobs() == before
        if before:
            assert [kept.number for kept in ledger.episodes(claim.job_id)] == [1]
