"""The ledger's contract, sentence by sentence, for every implementation: the states of a job."""

from typing import get_args

import pytest
from tests.unit.storage.ledgers import LEASE, START, STOPPED, Setting, episode, left, progress, running, spec

from trad.errors import JobNotFound, TransitionError
from trad.training.job import Claim, JobState, Request
from trad.training.ledger import MOST_LOST_ATTEMPTS


class TestFinishing:
    def test_a_completed_job_stands_at_100_with_its_fingerprint(self, setting: Setting) -> None:
        claim = setting.claimed()
        setting.ledger.save_progress(claim, progress(claim, 99.5, running(20), finished=19))
        setting.clock.advance(1)
        job = setting.ledger.finish(claim, "completed", fingerprint="f" * 64)
        assert job == setting.ledger.job(claim.job_id)
        assert (job.state, job.progress, job.fingerprint, job.error) == ("completed", 100.0, "f" * 64, None)
        assert (job.finished_at, job.lease_until, job.current_stage) == (START + 1, None, "completed")

    @pytest.mark.parametrize("state", STOPPED)
    def test_a_job_that_stops_early_keeps_its_progress(self, setting: Setting, state: JobState) -> None:
        claim = setting.claimed()
        setting.ledger.save_progress(claim, progress(claim, 40, running(8), finished=7))
        setting.ledger.request(claim.job_id, "cancel")
        job = setting.ledger.finish(claim, state, error="line 3 \x00 of \udcff.py")
        assert (job.state, job.progress, job.request, job.fingerprint) == (state, 40.0, None, None)
        assert job.error == r"line 3 \x00 of \udcff.py"
        assert job.finished_at == (None if state == "paused" else START)
        assert setting.ledger.job(job.id) == job

    def test_a_worker_cannot_leave_a_job_running(self, setting: Setting) -> None:
        claim = setting.claimed()
        with pytest.raises(TransitionError, match="was to be left running"):
            setting.ledger.finish(claim, "running")
        assert setting.ledger.heartbeat(claim) is None


class TestRequests:
    @pytest.mark.parametrize(("request_", "state"), [("cancel", "cancelled"), ("pause", "paused")])
    def test_a_job_that_nobody_runs_changes_at_once(
        self, setting: Setting, request_: Request, state: JobState
    ) -> None:
        queued = setting.ledger.create(spec())
        lost = setting.claimed()
        setting.clock.advance(LEASE)
        for job_id in (queued.id, lost.job_id):
            job = setting.ledger.request(job_id, request_)
            assert job == setting.ledger.job(job_id)
            assert (job.state, job.request, job.lease_until, job.current_stage) == (state, None, None, state)
            assert job.finished_at == (setting.clock.now if state == "cancelled" else None)
        assert setting.ledger.claim("w2", lease_seconds=LEASE) is None

    def test_a_paused_job_is_cancelled_at_once_and_paused_again_stays(self, setting: Setting) -> None:
        job_id = left(setting, "paused")
        paused = setting.ledger.job(job_id)
        assert setting.ledger.request(job_id, "pause") == paused
        assert setting.ledger.request(job_id, "cancel").state == "cancelled"

    @pytest.mark.parametrize("request_", get_args(Request))
    def test_a_worker_hears_of_it_with_its_next_word(self, setting: Setting, request_: Request) -> None:
        claim = setting.claimed()
        job = setting.ledger.request(claim.job_id, request_)
        assert (job.state, job.request) == ("running", request_)
        assert setting.ledger.heartbeat(claim) == request_
        assert setting.ledger.save_progress(claim, progress(claim, 5, running(1))) == request_

    def test_a_cancel_overrides_a_pause_and_not_the_other_way(self, setting: Setting) -> None:
        claim = setting.claimed()
        setting.ledger.request(claim.job_id, "pause")
        setting.ledger.request(claim.job_id, "cancel")
        setting.ledger.request(claim.job_id, "pause")
        assert setting.ledger.heartbeat(claim) == "cancel"

    @pytest.mark.parametrize("request_", get_args(Request))
    @pytest.mark.parametrize("state", ["completed", "failed", "cancelled"])
    def test_a_job_that_has_ended_refuses(self, setting: Setting, state: JobState, request_: Request) -> None:
        job_id = left(setting, state)
        before = setting.ledger.job(job_id)
        with pytest.raises(TransitionError, match=f"is {state} already"):
            setting.ledger.request(job_id, request_)
        assert setting.ledger.job(job_id) == before

    def test_what_was_asked_of_a_lost_worker_is_done_when_the_queue_is_next_looked_at(
        self, setting: Setting
    ) -> None:
        cancelled, paused, plain = (setting.claimed() for _ in range(3))
        setting.ledger.request(cancelled.job_id, "cancel")
        setting.ledger.request(paused.job_id, "pause")
        setting.clock.advance(LEASE)
        claim = setting.ledger.claim("w2", lease_seconds=LEASE)
        assert claim is not None
        assert claim.job_id == plain.job_id
        assert setting.ledger.job(cancelled.job_id).state == "cancelled"
        assert setting.ledger.job(paused.job_id).state == "paused"
        assert setting.ledger.job(paused.job_id).request is None

    def test_a_claim_by_id_forgets_what_was_asked_of_the_lost_worker(self, setting: Setting) -> None:
        claim = setting.claimed()
        setting.ledger.request(claim.job_id, "cancel")
        assert setting.ledger.heartbeat(setting.taken_over(claim)) is None


class TestRequeueing:
    @pytest.mark.parametrize("state", STOPPED)
    def test_a_stopped_job_waits_again_in_its_old_place(self, setting: Setting, state: JobState) -> None:
        job_id = left(setting, state)
        young = setting.ledger.create(spec())
        job = setting.ledger.requeue(job_id)
        assert (job.state, job.error, job.finished_at, job.current_stage) == ("queued", None, None, "queued")
        assert job == setting.ledger.job(job_id)
        claims = [setting.ledger.claim("w2", lease_seconds=LEASE) for _ in range(2)]
        assert [(claim.job_id, claim.attempt) for claim in claims if claim] == [(job_id, 2), (young.id, 1)]

    def test_a_lost_job_waits_again_and_what_was_asked_is_forgotten(self, setting: Setting) -> None:
        claim = setting.claimed()
        setting.ledger.request(claim.job_id, "cancel")
        setting.clock.advance(LEASE)
        job = setting.ledger.requeue(claim.job_id)
        assert (job.state, job.request, job.lease_until) == ("queued", None, None)

    def test_a_queued_job_stays_as_it_is(self, setting: Setting) -> None:
        job = setting.ledger.create(spec())
        assert setting.ledger.requeue(job.id) == job

    def test_a_completed_or_a_held_job_refuses(self, setting: Setting) -> None:
        with pytest.raises(TransitionError, match="is completed"):
            setting.ledger.requeue(left(setting, "completed"))
        with pytest.raises(TransitionError, match="is run by w1"):
            setting.ledger.requeue(setting.claimed().job_id)


class TestLosing:
    def lose(self, setting: Setting, claim: Claim, times: int) -> Claim:
        """Let one worker after the other take the job from the queue and be lost."""
        for _ in range(times):
            setting.clock.advance(LEASE)
            later = setting.ledger.claim("next", lease_seconds=LEASE)
            assert later is not None
            claim = later
        return claim

    def test_a_job_that_takes_one_worker_after_the_other_along_is_paused(self, setting: Setting) -> None:
        claim = self.lose(setting, setting.claimed(), MOST_LOST_ATTEMPTS - 1)
        setting.clock.advance(LEASE)
        assert setting.ledger.claim("next", lease_seconds=LEASE) is None
        job = setting.ledger.job(claim.job_id)
        assert (job.state, job.lost_attempts) == ("paused", MOST_LOST_ATTEMPTS)
        assert f"was lost {MOST_LOST_ATTEMPTS} times in a row" in (job.error or "")

    def test_an_episode_that_is_recorded_shows_that_the_job_is_not_the_cause(self, setting: Setting) -> None:
        claim = self.lose(setting, setting.claimed(), MOST_LOST_ATTEMPTS - 1)
        setting.ledger.record_episodes(claim, [episode(1, 0.5)])
        assert setting.ledger.job(claim.job_id).lost_attempts == 0
        self.lose(setting, claim, MOST_LOST_ATTEMPTS - 1)

    def test_who_names_the_job_may_try_again(self, setting: Setting) -> None:
        claim = self.lose(setting, setting.claimed(), MOST_LOST_ATTEMPTS - 1)
        setting.clock.advance(LEASE)
        again = setting.ledger.claim("me", lease_seconds=LEASE, job_id=claim.job_id)
        assert again is not None
        self.lose(setting, again, MOST_LOST_ATTEMPTS - 1)


class TestDeleting:
    def test_a_job_goes_with_its_episodes_and_alone(self, setting: Setting) -> None:
        stays, goes = setting.claimed(), setting.claimed()
        for claim in (stays, goes):
            setting.ledger.record_episodes(claim, [episode(1, 0.5), episode(2, 0.6)])
        setting.ledger.finish(goes, "completed")
        setting.ledger.delete(goes.job_id)
        with pytest.raises(JobNotFound):
            setting.ledger.job(goes.job_id)
        with pytest.raises(JobNotFound):
            setting.ledger.episodes(goes.job_id)
        assert len(setting.ledger.episodes(stays.job_id)) == 2

    def test_a_held_job_refuses_until_its_lease_ends(self, setting: Setting) -> None:
        claim = setting.claimed()
        with pytest.raises(TransitionError, match="cancel it first"):
            setting.ledger.delete(claim.job_id)
        setting.clock.advance(LEASE)
        setting.ledger.delete(claim.job_id)
        assert setting.ledger.jobs() == []
