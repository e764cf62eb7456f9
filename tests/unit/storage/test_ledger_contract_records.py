"""The ledger's contract, sentence by sentence, for every implementation: what is written and read."""

from dataclasses import replace
from math import inf, nan

import numpy as np
import pytest
from tests.unit.storage.ledgers import LEASE, START, Setting, episode, progress, running, spec

from trad.errors import InputError, JobNotFound
from trad.training.job import Episode, Job


def standing(job: Job) -> tuple[int, int, float | None, int | None]:
    return job.completed_episodes, job.failed_episodes, job.best_score, job.best_episode


class TestProgress:
    def test_the_row_shows_the_oldest_running_episode(self, setting: Setting) -> None:
        claim = setting.claimed()
        setting.clock.advance(1)
        assert setting.ledger.save_progress(claim, progress(claim, 34.5, running(7), running(9, 12))) is None
        job = setting.ledger.job(claim.job_id)
        assert (job.progress, job.current_episode, job.total_episodes) == (34.5, 7, 20)
        assert (job.candles_processed, job.total_candles) == (4_500, 10_000)
        assert (job.current_stage, job.backtest_stage) == ("training", "signal_generation")
        assert (job.eta_seconds, job.candles_per_second, job.elapsed_seconds) == (12.5, 250_000.0, 3.5)
        assert (job.heartbeat_at, job.lease_until) == (START + 1, START + 1 + LEASE)

    def test_without_a_running_episode_it_shows_the_finished_ones(self, setting: Setting) -> None:
        claim = setting.claimed()
        setting.ledger.save_progress(claim, progress(claim, 60, finished=12, planned=25))
        job = setting.ledger.job(claim.job_id)
        assert (job.current_episode, job.total_episodes) == (12, 25)
        assert (job.backtest_stage, job.candles_processed, job.total_candles) == (None, 0, 10_000)

    @pytest.mark.parametrize("lower", [0.0, 49.9, nan, -inf, -1.0])
    def test_the_percentage_never_falls(self, setting: Setting, lower: float) -> None:
        claim = setting.claimed()
        setting.ledger.save_progress(claim, progress(claim, 50, running(10)))
        setting.ledger.save_progress(claim, progress(claim, lower, running(11)))
        job = setting.ledger.job(claim.job_id)
        assert (job.progress, job.current_episode) == (50.0, 11)

    def test_nor_does_it_fall_when_another_worker_starts_over(self, setting: Setting) -> None:
        claim = setting.claimed()
        setting.ledger.save_progress(claim, progress(claim, 50, running(10)))
        later = setting.taken_over(claim)
        setting.ledger.save_progress(later, progress(later, 45, running(9)))
        assert setting.ledger.job(claim.job_id).progress == 50.0

    def test_numbers_that_are_none_are_left_out(self, setting: Setting) -> None:
        claim = setting.claimed()
        setting.ledger.save_progress(claim, progress(claim, 1, running(1), eta=inf))
        assert setting.ledger.job(claim.job_id).eta_seconds is None

    def test_counts_and_best_come_from_recorded_episodes_alone(self, setting: Setting) -> None:
        claim = setting.claimed()
        setting.ledger.save_progress(claim, progress(claim, 50, finished=10))
        assert standing(setting.ledger.job(claim.job_id)) == (0, 0, None, None)


class TestRecording:
    def test_an_episode_comes_back_as_it_was_told(self, setting: Setting) -> None:
        claim = setting.claimed()
        told = [episode(1, -0.123456789012, fast=3, kind="ema", on=True, level=1e-9), episode(2, 0.25)]
        failed = episode(3, state="failed", error="ZeroDivisionError in mine.py, line 7")
        bare = Episode(number=4, state="cancelled", params={})
        setting.ledger.record_episodes(claim, [*told, failed, bare])
        assert setting.ledger.episodes(claim.job_id) == [*told, failed, bare]

    def test_order_of_telling_is_of_no_account(self, setting: Setting) -> None:
        claim = setting.claimed()
        setting.ledger.record_episodes(claim, [episode(5, 0.5), episode(2, 0.2)])
        setting.ledger.record_episodes(claim, [episode(1, 0.1), episode(4, 0.4)])
        numbers = [kept.number for kept in setting.ledger.episodes(claim.job_id)]
        assert numbers == [1, 2, 4, 5]

    def test_counts_tell_completed_from_failed(self, setting: Setting) -> None:
        claim = setting.claimed()
        batch = [episode(1, 0.1), episode(2, state="failed"), episode(3, state="pruned"), episode(4, 0.2)]
        setting.ledger.record_episodes(claim, batch)
        setting.ledger.record_episodes(claim, [episode(5, state="failed"), episode(6, state="cancelled")])
        assert standing(setting.ledger.job(claim.job_id)) == (2, 2, 0.2, 4)

    def test_told_twice_is_counted_once_and_stays_as_it_was(self, setting: Setting) -> None:
        claim = setting.claimed()
        first = [episode(1, 0.1), episode(2, 0.2), episode(3, state="failed")]
        setting.ledger.record_episodes(claim, first)
        later = setting.taken_over(claim)
        changed = [episode(1, 9.0), episode(3, 9.0), episode(2, state="failed"), episode(4, 0.15)]
        setting.ledger.record_episodes(later, changed)
        assert setting.ledger.episodes(claim.job_id) == [*first, episode(4, 0.15)]
        assert standing(setting.ledger.job(claim.job_id)) == (3, 1, 0.2, 2)

    def test_of_two_with_one_number_in_a_batch_the_first_counts(self, setting: Setting) -> None:
        claim = setting.claimed()
        setting.ledger.record_episodes(claim, [episode(1, 0.1), episode(1, 0.9)])
        assert setting.ledger.episodes(claim.job_id) == [episode(1, 0.1)]
        assert standing(setting.ledger.job(claim.job_id)) == (1, 0, 0.1, 1)

    @pytest.mark.parametrize("order", [[3, 7], [7, 3]])
    @pytest.mark.parametrize("together", [True, False])
    def test_of_equal_scores_the_lowest_number_is_best(
        self, setting: Setting, order: list[int], together: bool
    ) -> None:
        claim = setting.claimed()
        told = [episode(number, 0.5) for number in order]
        for batch in [told] if together else [[one] for one in told]:
            setting.ledger.record_episodes(claim, batch)
        assert standing(setting.ledger.job(claim.job_id)) == (2, 0, 0.5, 3)

    @pytest.mark.parametrize("score", [nan, inf, -inf, None])
    def test_a_score_that_is_no_number_is_none_and_never_ranks(
        self, setting: Setting, score: float | None
    ) -> None:
        claim = setting.claimed()
        odd = replace(episode(1), score=score)
        setting.ledger.record_episodes(claim, [odd, episode(2, -4.0)])
        assert setting.ledger.episodes(claim.job_id)[0].score is None
        assert standing(setting.ledger.job(claim.job_id)) == (2, 0, -4.0, 2)

    def test_only_completed_episodes_rank(self, setting: Setting) -> None:
        claim = setting.claimed()
        setting.ledger.record_episodes(claim, [episode(1, 5.0, state="pruned"), episode(2, 0.5)])
        assert standing(setting.ledger.job(claim.job_id)) == (1, 0, 0.5, 2)

    def test_an_empty_batch_changes_nothing(self, setting: Setting) -> None:
        claim = setting.claimed()
        before = setting.ledger.job(claim.job_id)
        setting.ledger.record_episodes(claim, [])
        assert setting.ledger.job(claim.job_id) == before

    def test_large_batches_are_no_matter(self, setting: Setting) -> None:
        claim = setting.claimed()
        setting.ledger.record_episodes(claim, [episode(number, number / 4) for number in range(1, 1_301)])
        setting.ledger.record_episodes(claim, [episode(number, 1e6) for number in range(1_300, 0, -1)])
        assert standing(setting.ledger.job(claim.job_id)) == (1_300, 0, 325.0, 1_300)


class TestWhatCannotBeRecorded:
    @pytest.mark.parametrize(
        ("metrics", "params", "error", "words"),
        [
            ({"sharpe": nan}, {"fast": 1}, ValueError, "the metrics of episode 2 hold NaN"),
            ({"sharpe": -inf}, {"fast": 1}, ValueError, "the metrics of episode 2 hold NaN"),
            ({"sharpe": 1.0}, {"fast": inf}, ValueError, "the params of episode 2 hold NaN"),
            ({"sharpe": 1.0}, {"fast": np.int64(3)}, TypeError, "the params of episode 2 .*int64"),
        ],
    )
    def test_what_json_cannot_hold_is_refused_and_nothing_of_the_batch_is_written(
        self,
        setting: Setting,
        metrics: dict[str, float | int | None],
        params: dict[str, int | float | str | bool],
        error: type[Exception],
        words: str,
    ) -> None:
        claim = setting.claimed()
        bad = replace(episode(2, 0.5), metrics=metrics, params=params)
        with pytest.raises(error, match=words):
            setting.ledger.record_episodes(claim, [episode(1, 0.1), bad])
        assert setting.ledger.episodes(claim.job_id) == []
        assert standing(setting.ledger.job(claim.job_id)) == (0, 0, None, None)

    def test_a_number_below_one_is_refused(self, setting: Setting) -> None:
        with pytest.raises(ValueError, match="the number 0"):
            setting.ledger.record_episodes(setting.claimed(), [episode(0, 0.1)])

    def test_text_that_no_database_holds_is_escaped(self, setting: Setting) -> None:
        claim = setting.claimed()
        setting.ledger.record_episodes(
            claim, [episode(1, state="failed", error="a \x00 in \udc80.py", name="\x00")]
        )
        kept = setting.ledger.episodes(claim.job_id)[0]
        assert kept.error == r"a \x00 in \udc80.py"
        assert kept.params == {"name": "\x00"}


class TestReadingJobs:
    def test_a_unique_beginning_of_an_id_will_do(self, setting: Setting) -> None:
        old = setting.ledger.create(spec())
        setting.clock.advance(1)
        setting.ledger.create(spec())
        assert setting.ledger.job(old.id) == old
        assert setting.ledger.job(old.id[:12]) == old
        assert setting.ledger.job(f" {old.id[:12].upper()} ") == old

    def test_a_shared_beginning_is_called_ambiguous(self, setting: Setting) -> None:
        ids = sorted(setting.ledger.create(spec()).id for _ in range(3))
        with pytest.raises(JobNotFound, match=f"{ids[0][:4]}.*ambiguous: {ids[0]} and {ids[1]}"):
            setting.ledger.job(ids[0][:4])

    def test_a_short_beginning_is_called_short(self, setting: Setting) -> None:
        job = setting.ledger.create(spec())
        with pytest.raises(JobNotFound, match="at least its first 4 characters"):
            setting.ledger.job(job.id[:3])

    @pytest.mark.parametrize(
        "name", ["zzzzzzzz", "%%%%", "____", "a\x00bcd", "\udcff" * 5, "é" * 4, "0" * 500]
    )
    def test_an_unknown_id_is_not_found(self, setting: Setting, name: str) -> None:
        setting.ledger.create(spec())
        ledger = setting.ledger
        for call in (
            lambda: ledger.job(name),
            lambda: ledger.claim("w1", lease_seconds=LEASE, job_id=name),
            lambda: ledger.request(name, "cancel"),
            lambda: ledger.requeue(name),
            lambda: ledger.delete(name),
            lambda: ledger.jobs(before=name),
            lambda: ledger.episodes(name),
        ):
            with pytest.raises(JobNotFound, match="no job has the id"):
                call()

    def test_jobs_come_newest_first_by_page_and_by_state(self, setting: Setting) -> None:
        made = []
        for _ in range(5):
            made.append(setting.ledger.create(spec()).id)
            setting.clock.advance(0.001)
        setting.ledger.request(made[1], "pause")
        setting.ledger.request(made[3], "cancel")
        read = setting.ledger.jobs
        assert [job.id for job in read()] == made[::-1]
        assert [job.id for job in read(limit=2)] == [made[4], made[3]]
        assert [job.id for job in read(limit=2, before=made[3])] == [made[2], made[1]]
        assert [job.id for job in read(states=["paused", "cancelled"])] == [made[3], made[1]]
        assert [job.id for job in read(states=["queued", "running"], before=made[2])] == [made[0]]
        assert read(limit=0) == []
        assert read(before=made[0]) == []

    def test_values_that_no_column_holds_are_refused(self, setting: Setting) -> None:
        with pytest.raises(InputError, match="at most 63 bits"):
            setting.ledger.create(spec(seed=2**63))
        with pytest.raises(InputError, match="at most 31 bits"):
            setting.ledger.create(spec(), priority=2**31)
        assert setting.ledger.create(spec(seed=2**63 - 1), priority=2**31 - 1).seed == 2**63 - 1
        assert len(setting.ledger.jobs()) == 1


class TestReadingEpisodes:
    def test_episodes_are_read_by_page_and_by_state(self, setting: Setting) -> None:
        claim = setting.claimed()
        setting.ledger.record_episodes(
            claim, [episode(n, state="failed" if n % 3 == 0 else "completed") for n in range(1, 11)]
        )

        def numbers(*states: str, after: int = 0, limit: int | None = None) -> list[int]:
            found = setting.ledger.episodes(claim.job_id, after=after, limit=limit, states=states)  # type: ignore[arg-type]
            return [kept.number for kept in found]

        assert numbers() == list(range(1, 11))
        assert numbers(after=8) == [9, 10]
        assert numbers(after=2, limit=3) == [3, 4, 5]
        assert numbers("failed", after=3) == [6, 9]
        assert numbers("failed", limit=2) == [3, 6]
        assert numbers("pruned", "cancelled") == []
        assert numbers(limit=0) == []
