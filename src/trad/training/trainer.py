"""The trainer: asks the optimizer, has episodes run, tells the results, and records them."""

import math
import time
from collections import deque
from collections.abc import Sequence

from trad.errors import InputError, LeaseLost, TradError
from trad.optimizers.optimizer import Optimizer
from trad.progress import ProgressSink
from trad.training.episode import EpisodeOutcome, EpisodePlan, EpisodeSpec
from trad.training.executor import Executor
from trad.training.fingerprint import fingerprint
from trad.training.job import Claim, Episode, Job, JobState, Request
from trad.training.ledger import JobLedger
from trad.training.monitor import ProgressMonitor, Standing
from trad.training.sinks import LedgerSink
from trad.training.window import ResultWindow

MOST_RETRIES = 3
"""How often an episode is run again whose process died under it."""

_WAIT_SECONDS = 0.05
_RECORD_SECONDS = 0.25
"""Ended episodes are recorded together, at the latest after this time."""

_MOST_UNRECORDED = 500
_PROPOSALS_AHEAD = 2
"""Proposals made for each worker while all of them are busy."""


class Trainer:
    """Runs one claimed job to its end, or to where it is stopped.

    There is no barrier between episodes: each result makes room for the next proposal. A proposal for
    episode k waits only for the episodes up to k - window, so that the result does not depend on how many
    workers there are, nor on which of them is slow.

    Args:
        ledger: Where the job is.
        claim: The right to run it.
        executor: Loaded with nothing yet; the trainer does not stop it.
        optimizer: Fresh; the trainer tells it what the ledger has.
        plan: What the executor is to load.
        sinks: Who is shown progress, beside the ledger.
        interval: Seconds between two writes of progress to the ledger.
    """

    def __init__(
        self,
        *,
        ledger: JobLedger,
        claim: Claim,
        executor: Executor,
        optimizer: Optimizer,
        plan: EpisodePlan,
        sinks: Sequence[ProgressSink] = (),
        interval: float = 0.5,
    ) -> None:
        self._ledger = ledger
        self._claim = claim
        self._executor = executor
        self._plan = plan
        self._window = ResultWindow(optimizer)
        self._request: Request | None = None
        self._planned = claim.spec.episodes
        self._next = 1
        self._recorded: set[int] = set()
        self._proposed: deque[EpisodeSpec] = deque()
        self._running: dict[int, EpisodeSpec] = {}
        self._unrecorded: list[Episode] = []
        self._recorded_at = time.monotonic()
        self._standing = Standing(planned=self._planned)
        before = ledger.job(claim.job_id)
        self.monitor = ProgressMonitor(
            job_id=claim.job_id,
            executor=executor,
            standing=self._standing,
            candles=claim.spec.candles,
            sinks=[*sinks, LedgerSink(ledger, claim, interval, self._on_request)],
            floor=before.progress,
            elapsed=before.elapsed_seconds,
        )

    def run(self) -> Job:
        """Run the job until it is completed, or a cancel or a pause was asked for.

        Ctrl-C (KeyboardInterrupt) pauses the job and passes through. Any other error leaves it paused,
        with the cause, and passes through too; a lost lease leaves the job to its new owner.
        """
        try:
            self._recall()
            self.monitor.start()
            self._executor.load(self._plan, timeout=self._claim.spec.episode_timeout)
            while len(self._recorded) < self._planned and self._request is None:
                self._step()
            self._record(force=True)
        except LeaseLost:
            self.monitor.stop()
            raise
        except BaseException as error:
            self._put_down(error)
            raise
        return self._end()

    def _recall(self) -> None:
        """Take up what earlier runs recorded."""
        for episode in self._ledger.episodes(self._claim.job_id):
            self._recorded.add(episode.number)
            self._window.take(episode.number, episode.params, episode.score)
            self._standing.take(episode.number, episode.score, failed=episode.state == "failed")

    def _step(self) -> None:
        if self.monitor.failure is not None:
            raise self.monitor.failure
        room = self._executor.room
        while len(self._proposed) < room and self._propose():
            pass
        # Idle workers came first; now that all are busy, think of what they will run next.
        ahead = (
            not room and len(self._proposed) < _PROPOSALS_AHEAD * self._executor.workers and self._propose()
        )
        if room and self._proposed:
            batch = [self._proposed.popleft() for _ in range(min(room, len(self._proposed)))]
            self._running.update({episode.number: episode for episode in batch})
            self._executor.submit(batch)
        for outcome in self._executor.collect(0.0 if ahead else _WAIT_SECONDS):
            self._take(outcome)
        self._record()

    def _propose(self) -> bool:
        """Propose the next unrecorded episode; False when there is none, or results are missing."""
        while self._next in self._recorded:
            self._next += 1
        number = self._next
        if number > self._planned or not self._window.open_for(number):
            return False
        self._proposed.append(EpisodeSpec(number=number, params=self._window.propose(number)))
        self._next += 1
        return True

    def _take(self, outcome: EpisodeOutcome) -> None:
        episode = self._running.pop(outcome.number, None)
        if episode is None or outcome.ending == "stopped":
            return
        if outcome.ending == "died" and episode.tries < MOST_RETRIES:
            again = EpisodeSpec(number=episode.number, params=episode.params, tries=episode.tries + 1)
            self._running[episode.number] = again
            self._executor.submit([again])
            return
        ended = _episode(episode, outcome, self._claim.spec.candles)
        self._unrecorded.append(ended)
        self._recorded.add(ended.number)
        self._window.take(ended.number, ended.params, ended.score)
        with self.monitor.lock:
            self._standing.take(ended.number, ended.score, failed=ended.state == "failed")

    def _record(self, *, force: bool = False) -> None:
        now = time.monotonic()
        due = now - self._recorded_at >= _RECORD_SECONDS or len(self._unrecorded) >= _MOST_UNRECORDED
        if self._unrecorded and (force or due):
            self._ledger.record_episodes(self._claim, self._unrecorded)
            self._unrecorded = []
            self._recorded_at = now

    def _on_request(self, request: Request) -> None:
        self._request = request
        self._executor.board.ask_stop()

    def _end(self) -> Job:
        self.monitor.stop()
        if self.monitor.failure is not None and self._request is None:
            raise self.monitor.failure
        state: JobState = "completed"
        result = None
        if len(self._recorded) >= self._planned:
            result = fingerprint(self._ledger.episodes(self._claim.job_id))
        else:
            state = "cancelled" if self._request == "cancel" else "paused"
        job = self._finish(state, result, None)
        self.monitor.show(state, final=True)
        return job

    def _put_down(self, error: BaseException) -> None:
        """Leave the job resumable: record what ended, and say why it does not go on."""
        self.monitor.stop()
        self._record(force=True)
        state, cause = aftermath(error)
        self._finish(state, None, cause)
        self.monitor.show(state, final=True)

    def _finish(self, state: JobState, result: str | None, error: str | None) -> Job:
        # The row's last word on progress: counts, speed and time as they stand now.
        self._ledger.save_progress(self._claim, self.monitor.snapshot("running"))
        return self._ledger.finish(self._claim, state, fingerprint=result, error=error)


def aftermath(error: BaseException) -> tuple[JobState, str | None]:
    """Say in which state an error leaves its job, and the cause to write down: none for Ctrl-C."""
    if isinstance(error, KeyboardInterrupt):
        return "paused", None
    cause = str(error) if isinstance(error, TradError) else f"{type(error).__name__}: {error}"
    # What the user gave stays wrong however often it is resumed; everything else may pass.
    return ("failed" if isinstance(error, InputError) else "paused"), cause


def _episode(episode: EpisodeSpec, outcome: EpisodeOutcome, total: int) -> Episode:
    tries = f" ({episode.tries + 1} times)" if outcome.ending == "died" else ""
    completed = outcome.ending == "completed"
    ranks = completed and outcome.score is not None and math.isfinite(outcome.score)
    return Episode(
        number=episode.number,
        state="completed" if completed else "failed",
        params=episode.params,
        score=outcome.score if ranks else None,
        metrics=outcome.metrics,
        stage=outcome.stage,
        candles_processed=outcome.candles,
        total_candles=total,
        worker=outcome.worker,
        started_at=outcome.started_at,
        finished_at=outcome.finished_at,
        error=None if outcome.error is None else outcome.error + tries,
    )
