"""The ledger's contract, for every implementation: a request that is sent twice, and a job handed back."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.unit.storage.ledgers import LEASE, START, Setting, episode, progress, running, spec

from trad.errors import SubmissionReused
from trad.training.job import Claim, JobState, Request, Submission
from trad.training.ledger import JobLedger

ONCE = Submission(key="a7-\N{SNOWMAN}", digest="5" * 64)


def changes(ledger: JobLedger, claim: Claim) -> list[Callable[[], object]]:
    """Return what changes a job, each thing possible after the one before."""
    return [
        lambda: ledger.record_episodes(claim, [episode(1, 0.5)]),
        lambda: ledger.request(claim.job_id, "pause"),
        lambda: ledger.finish(claim, "paused"),
        lambda: ledger.requeue(claim.job_id),
        lambda: ledger.claim("w2", lease_seconds=LEASE),
    ]


class TestSubmissions:
    def test_the_same_request_gives_the_same_job_as_it_stands_now(self, setting: Setting) -> None:
        made = setting.ledger.create(spec(), submission=ONCE)
        claim = setting.ledger.claim("w1", lease_seconds=LEASE, job_id=made.id)
        assert claim is not None
        again = setting.ledger.create(spec(), submission=ONCE, priority=3)
        assert again == setting.ledger.job(made.id)
        assert again.state == "running"
        assert len(setting.ledger.jobs()) == 1

    def test_another_request_under_the_same_key_is_refused(self, setting: Setting) -> None:
        made = setting.ledger.create(spec(), submission=ONCE)
        other = Submission(key=ONCE.key, digest="6" * 64)
        with pytest.raises(SubmissionReused, match=f"{ONCE.key}.* job {made.id} from another request"):
            setting.ledger.create(spec(seed=9), submission=other)
        with pytest.raises(SubmissionReused, match="needs a key of its own"):
            setting.browser.submitted(other)
        assert len(setting.ledger.jobs()) == 1

    def test_other_keys_and_none_make_other_jobs(self, setting: Setting) -> None:
        submissions = [ONCE, Submission(key="b", digest=ONCE.digest), None, None]
        made = {setting.ledger.create(spec(), submission=submission).id for submission in submissions}
        assert len(made) == 4

    def test_a_deleted_job_gives_its_key_back(self, setting: Setting) -> None:
        made = setting.ledger.create(spec(), submission=ONCE)
        setting.ledger.delete(made.id)
        assert setting.browser.submitted(ONCE) is None
        assert setting.ledger.create(spec(), submission=ONCE).id != made.id

    def test_what_was_submitted_is_found(self, setting: Setting) -> None:
        assert setting.browser.submitted(ONCE) is None
        made = setting.ledger.create(spec(), submission=ONCE)
        assert setting.browser.submitted(ONCE) == made

    def test_threads_that_send_it_at_once_get_one_job(self, setting: Setting) -> None:
        def send(_: int) -> str:
            return setting.ledger.create(spec(), submission=ONCE).id

        with ThreadPoolExecutor(8) as threads:
            made = set(threads.map(send, range(40)))
        assert len(made) == 1
        assert [job.id for job in setting.ledger.jobs()] == list(made)


class TestHandingBack:
    def test_another_worker_goes_on_where_this_one_stopped(self, setting: Setting) -> None:
        claim = setting.claimed()
        setting.ledger.record_episodes(claim, [episode(1, 0.5)])
        setting.ledger.save_progress(claim, progress(claim, 40, running(2)))
        setting.clock.advance(1)
        job = setting.ledger.finish(claim, "queued")
        assert job == setting.ledger.job(job.id)
        assert (job.state, job.current_stage, job.worker, job.lease_until) == ("queued", "queued", None, None)
        assert (job.progress, job.recorded_episodes, job.finished_at, job.error) == (40.0, 1, None, None)
        later = setting.ledger.claim("w2", lease_seconds=LEASE)
        assert later is not None
        assert (later.job_id, later.attempt) == (job.id, 2)

    @pytest.mark.parametrize(("request_", "state"), [("cancel", "cancelled"), ("pause", "paused")])
    def test_what_its_user_asked_meanwhile_is_done_instead(
        self, setting: Setting, request_: Request, state: JobState
    ) -> None:
        claim = setting.claimed()
        setting.ledger.request(claim.job_id, request_)
        job = setting.ledger.finish(claim, "queued")
        assert (job.state, job.request, job.worker) == (state, None, "w1")
        assert job == setting.ledger.job(job.id)
        assert setting.ledger.claim("w2", lease_seconds=LEASE) is None


class TestWhatRuns:
    def test_the_row_holds_every_running_episode_and_the_note(self, setting: Setting) -> None:
        claim = setting.claimed()
        shown = (running(7), running(9, 12))
        setting.ledger.save_progress(claim, progress(claim, 34.5, *shown, note="waits for \x00 the disk"))
        job = setting.ledger.job(claim.job_id)
        assert (job.running, job.note) == (shown, r"waits for \x00 the disk")
        setting.ledger.save_progress(claim, progress(claim, 35))
        job = setting.ledger.job(claim.job_id)
        assert (job.running, job.note) == ((), None)

    @pytest.mark.parametrize("how", ["completed", "paused", "queued", "cancelled when lost", "claimed anew"])
    def test_both_go_when_the_worker_does(self, setting: Setting, how: str) -> None:
        claim = setting.claimed()
        setting.ledger.save_progress(claim, progress(claim, 34.5, running(7), note="busy"))
        states: dict[str, JobState] = {"completed": "completed", "paused": "paused", "queued": "queued"}
        if how in states:
            setting.ledger.finish(claim, states[how])
        elif how == "claimed anew":
            setting.clock.advance(LEASE)
            assert setting.ledger.claim("w2", lease_seconds=LEASE)
        else:
            setting.clock.advance(LEASE)
            setting.ledger.request(claim.job_id, "cancel")
        job = setting.ledger.job(claim.job_id)
        assert (job.running, job.note) == ((), None)


class TestMomentsOfChange:
    def test_progress_and_heartbeats_are_no_changes(self, setting: Setting) -> None:
        claim = setting.claimed()
        setting.clock.advance(1)
        setting.ledger.save_progress(claim, progress(claim, 34.5, running(7)))
        setting.ledger.heartbeat(claim)
        setting.ledger.record_episodes(claim, [])
        assert setting.ledger.job(claim.job_id).changed_at == START

    def test_whatever_else_happens_is_one(self, setting: Setting) -> None:
        claim = setting.claimed()
        for change in changes(setting.ledger, claim):
            setting.clock.advance(1)
            change()
            assert setting.ledger.job(claim.job_id).changed_at == setting.clock.now

    def test_what_was_so_already_is_none(self, setting: Setting) -> None:
        ledger, claim = setting.ledger, setting.claimed()
        ledger.record_episodes(claim, [episode(1, 0.5)])
        ledger.request(claim.job_id, "pause")
        setting.clock.advance(1)
        ledger.record_episodes(claim, [episode(1, 0.7)])
        ledger.request(claim.job_id, "pause")
        assert ledger.job(claim.job_id).changed_at == START
