"""The trainer: asks the optimizer, has episodes run, tells the results, and records them."""

import math
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import structlog

from trad.errors import LeaseLost, LedgerError
from trad.optimizers.optimizer import Optimizer
from trad.progress import ProgressSink
from trad.training.ending import aftermath, end_attempt, patience_after
from trad.training.episode import EpisodeOutcome, EpisodePlan, EpisodeSpec
from trad.training.executor import Executor
from trad.training.fingerprint import fingerprint
from trad.training.job import Claim, Episode, Job, JobState, Request
from trad.training.ledger import JobLedger
from trad.training.monitor import ProgressMonitor, Standing
from trad.training.outage import Outage, patiently
from trad.training.recorder import EpisodeRecorder
from trad.training.sinks import LedgerSink
from trad.training.window import ResultWindow

MOST_RETRIES = 3
"""How often an episode is run again whose process died under it."""

_WAIT_SECONDS = 0.05
_PROPOSALS_AHEAD = 2
"""Proposals made for each worker while all of them are busy."""

_PAGE = 5_000
"""Episodes read at once."""

Answer = TypeVar("Answer")


class Trainer:
    """Runs one claimed job to its end, or to where it is stopped.

    There is no barrier between episodes: each result makes room for the next proposal. A proposal for
    episode k waits only for the episodes up to k - window, so that the result does not depend on how many
    workers there are, nor on which of them is slow. While the ledger does not answer episodes run on, and
    what ended is kept; it goes on by itself when the ledger answers again.

    Args:
        ledger: Where the job is.
        claim: The right to run it.
        executor: Loaded with nothing yet; the trainer does not stop it.
        optimizer: Fresh; the trainer tells it what the ledger has.
        plan: What the executor is to load.
        sinks: Who is shown progress, beside the ledger.
        interval: Seconds between two writes of progress to the ledger.
        heartbeat: Seconds after which the lease is renewed, if no progress was written.
        stall: Seconds after which an episode that does not move is pointed out.
        leaving: The state in which Ctrl-C leaves the job.
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
        heartbeat: float = 1.0,
        stall: float = 60.0,
        leaving: JobState = "paused",
    ) -> None:
        self._ledger = ledger
        self._claim = claim
        self._executor = executor
        self._plan = plan
        self._leaving = leaving
        self._window = ResultWindow(optimizer)
        self._request: Request | None = None
        self._planned, self._next = claim.spec.episodes, 1
        self._ended: set[int] = set()
        self._proposed: deque[EpisodeSpec] = deque()
        self._running: dict[int, EpisodeSpec] = {}
        self._outage = Outage(claim.job_id)
        self._recorder = EpisodeRecorder(ledger, claim, self._outage)
        self._standing = Standing(planned=self._planned)
        self._to_ledger = LedgerSink(
            ledger, claim, interval, self._on_request, heartbeat=heartbeat, outage=self._outage
        )
        self.monitor = ProgressMonitor(
            job_id=claim.job_id,
            executor=executor,
            standing=self._standing,
            candles=claim.spec.candles,
            sinks=[*sinks, self._to_ledger],
            outage=self._outage,
            stall=stall,
        )

    def run(self) -> Job:
        """Run the job until it is completed, or a cancel or a pause was asked for.

        Ctrl-C (KeyboardInterrupt) leaves the job in `leaving` and passes through. Any other error leaves
        it paused or failed, with the cause, and passes through too; a lost lease leaves the job to its
        new owner. A ledger that does not answer is waited for, except after Ctrl-C.
        """
        try:
            self._recall()
            self.monitor.start()
            self._executor.load(self._plan, timeout=self._claim.spec.episode_timeout)
            while len(self._ended) < self._planned and self._request is None:
                self._step()
            self._recorder.record_all(meanwhile=self._raise_failure)
        except LeaseLost:
            self.monitor.stop()
            raise
        except BaseException as error:
            self._put_down(error)
            raise
        return self._end()

    def _recall(self) -> None:
        """Take up what earlier runs recorded."""
        job_id = self._claim.job_id
        before = self._answer(lambda: self._ledger.job(job_id))
        self.monitor.take_up(before.progress, before.elapsed_seconds)
        for episode in self._recorded():
            self._ended.add(episode.number)
            self._window.take(episode.number, episode.params, episode.score)
            self._standing.take(episode.number, episode.score, failed=episode.state == "failed")

    def _answer(self, read: Callable[[], Answer]) -> Answer:
        """Read from the ledger, showing progress while it does not answer: the monitor does not run."""
        return patiently(read, self._outage, "reading", meanwhile=self._show)

    def _recorded(self) -> Iterator[Episode]:
        """Read the recorded episodes in order, a page at a time: a job may have millions."""
        job_id, last = self._claim.job_id, 0

        def page() -> list[Episode]:
            return self._ledger.episodes(job_id, after=last, limit=_PAGE)

        while episodes := self._answer(page):
            yield from episodes
            last = episodes[-1].number

    def _raise_failure(self) -> None:
        if self.monitor.failure is not None:
            raise self.monitor.failure

    def _step(self) -> None:
        self._raise_failure()
        room = 0 if self._recorder.full else self._executor.room
        while len(self._proposed) < room and self._propose():
            pass
        # Idle workers came first; now that all are busy, think of what they will run next.
        ahead = (
            not room
            and not self._recorder.full
            and len(self._proposed) < _PROPOSALS_AHEAD * self._executor.workers
            and self._propose()
        )
        if room and self._proposed:
            batch = [self._proposed.popleft() for _ in range(min(room, len(self._proposed)))]
            self._running.update({episode.number: episode for episode in batch})
            self._executor.submit(batch)
        for outcome in self._executor.collect(0.0 if ahead else _WAIT_SECONDS):
            self._take(outcome)
        self._recorder.record_due()

    def _propose(self) -> bool:
        """Propose the next episode; False when there is none, or results are missing."""
        while self._next in self._ended:
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
        self._recorder.add(ended)
        self._ended.add(ended.number)
        self._window.take(ended.number, ended.params, ended.score)
        with self.monitor.lock:
            self._standing.take(ended.number, ended.score, failed=ended.state == "failed")

    def _on_request(self, request: Request) -> None:
        self._request = request
        self._executor.board.ask_stop()

    def _end(self) -> Job:
        self.monitor.stop()
        if self._request is None:
            self._raise_failure()
        state: JobState = "completed"
        result = None
        if len(self._ended) >= self._planned:
            result = fingerprint(self._recorded())
        else:
            state = "cancelled" if self._request == "cancel" else "paused"
        job = self._finish(state, result, None)
        self.monitor.show(state, final=True)
        return job

    def _put_down(self, error: BaseException) -> None:
        """Leave the job resumable: record what ended, and say why it does not go on."""
        self.monitor.stop()
        state, cause = aftermath(error, self._leaving)
        within = patience_after(error)
        try:
            self._recorder.record_all(meanwhile=self._show, within=within)
            self._finish(state, None, cause, within=within)
        except LedgerError as trouble:
            if not isinstance(error, KeyboardInterrupt):
                raise
            # The user wants out. The lease ends by itself, and what is not recorded is run again.
            structlog.stdlib.get_logger("trad.ledger").warning(str(trouble), job=self._claim.job_id)
        self.monitor.show(state, final=True)

    def _finish(
        self, state: JobState, result: str | None, error: str | None, *, within: float = math.inf
    ) -> Job:
        self._to_ledger.rest()
        # The row's last word on progress: counts, speed and time as they stand now.
        last = self.monitor.snapshot("running")
        patiently(
            lambda: self._ledger.save_progress(self._claim, last),
            self._outage,
            "progress",
            meanwhile=self._show,
            within=within,
        )
        return end_attempt(
            self._ledger,
            self._claim,
            state,
            self._outage,
            fingerprint=result,
            error=error,
            meanwhile=self._show,
            within=within,
        )

    def _show(self) -> None:
        """Show progress from this thread, where the monitor does not run."""
        self.monitor.show("running")


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
