"""What searching costs beside simulating: the split of a job's processor time, and what a proposal takes.

`--part split`: a job of many short episodes, its processor time apart: signals and simulation on one
side; optimizer, batches, progress and ledger on the other. `--part bayesian`: a proposal of the bayesian
search, against Optuna's own sampler that was told the same (and at most 40 results of its own asking).
`--part walks`: one of random and of grid.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import optuna
import psutil
from benchmarks.timing import machine, timed

from trad.backtest.costs import Costs
from trad.backtest.engine import evaluate_metrics
from trad.executors.processes import ProcessExecutor
from trad.market.samples import read_sample
from trad.optimizers.bayesian import BayesianSearch
from trad.optimizers.optimizer import Optimizer, make_optimizer
from trad.progress import JobProgress, Unwatched
from trad.service.planning import TrainRequest, plan_job
from trad.service.running import begin_job, run_job
from trad.settings import Settings
from trad.storage.ledger import open_ledger
from trad.strategies.sma_cross import SmaCross
from trad.strategies.space import ParameterSpace
from trad.training.sinks import CallbackSink

if TYPE_CHECKING:
    from collections.abc import Callable

SPACE = {"fast": (5, 50), "slow": (60, 200)}
WINDOW = 8


class Shares:
    """The processor time of this process and of its workers, from the first snapshot to the last."""

    def __init__(self, pids: list[int]) -> None:
        self._workers = [psutil.Process(pid) for pid in pids]
        self.seen: list[tuple[int, float, float]] = []

    def look(self, progress: JobProgress) -> None:
        """Note how many episodes have ended, and the seconds so far."""
        if progress.finished and self._workers[0].is_running():
            times = [worker.cpu_times() for worker in self._workers]
            busy = sum(each.user + each.system for each in times)
            self.seen.append((progress.finished, time.process_time(), busy))

    def per_episode(self) -> tuple[float, float]:
        """Seconds an episode here, and in the workers."""
        (first, own, busy), (last, own_last, busy_last) = self.seen[0], self.seen[-1]
        return (own_last - own) / (last - first), (busy_last - busy) / (last - first)


def main() -> None:
    """Print what was asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--part", choices=["split", "bayesian", "walks"], nargs="*")
    parser.add_argument("--episodes", type=int, default=10_000, help="of the split's job")
    options = parser.parse_args()
    print(f"what searching costs ({machine()})\n")
    parts: dict[str, Callable[[], None]] = {
        "split": lambda: split(options.episodes),
        "bayesian": bayesian,
        "walks": walks,
    }
    for name in options.part or parts:
        parts[name]()


def split(episodes: int) -> None:
    """Run one job and print where its processor time went."""
    sample = "sample:minute?candles=10000"
    request = TrainRequest(
        strategy="sma_cross", data=sample, optimizer="random", episodes=episodes, params=SPACE
    )
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder))
        with open_ledger(settings.database) as ledger:
            executor = ProcessExecutor(2)
            claim = begin_job(ledger, plan_job(request, settings), settings)
            shares = Shares([process.process.pid for process in executor._processes])
            run_job(ledger, claim, settings, executor, [CallbackSink(shares.look)])
    here, there = shares.per_episode()
    candles, strategy, costs = read_sample(sample), SmaCross(fast=10, slow=60), Costs()
    alone = statistics.median(
        timed(lambda: evaluate_metrics(candles, strategy, costs, Unwatched()), 20) for _ in range(25)
    )
    rest = here + there - alone
    print(f"{episodes:,} random configurations, 10,000 candles, 2 processes; processor time of an episode:")
    print(f"  signals and simulation           {1e6 * alone:7.1f} us")
    print(f"  optimizer, batches, progress, ledger {1e6 * rest:7.1f} us, {1e6 * here:.1f} in the trainer")
    print(
        f"  goal: the latter take less than the former: {'met' if rest < alone else 'missed'}\n", flush=True
    )


def bayesian() -> None:
    """Print the proposer's cost per episode against Optuna alone, told the same results, in turn."""
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    for episodes in (200, 1_000):
        ours = make_optimizer("bayesian", _space(), seed=7, episodes=episodes, window=WINDOW)
        assert isinstance(ours, BayesianSearch)
        study = optuna.create_study(
            direction="maximize", sampler=optuna.samplers.TPESampler(seed=7, multivariate=True)
        )
        mine: list[float] = []
        theirs: list[float] = []
        wanted = {
            "fast": optuna.distributions.IntDistribution(5, 50),
            "slow": optuna.distributions.IntDistribution(60, 200),
        }
        random = make_optimizer("random", _space(), seed=3)
        for number in range(1, episodes + 1):
            close = number > episodes - 40
            if close:
                began = time.perf_counter()
                ours.propose(number + WINDOW)
                mine.append(time.perf_counter() - began)
                began = time.perf_counter()
                trial = study.ask(wanted)
                study.tell(trial, _score(trial.params))
                theirs.append(time.perf_counter() - began)
            params = random.propose(number)
            score = _score(dict(params))
            began = time.perf_counter()
            ours.tell(number, params, score)
            if close:
                mine[-1] += time.perf_counter() - began
            study.add_trial(optuna.trial.create_trial(params=dict(params), distributions=wanted, value=score))
        own, alone = statistics.median(mine), statistics.median(theirs)
        print(
            f"bayesian, {episodes:,} results told: {1e3 * own:.2f} ms a proposal; Optuna alone "
            f"{1e3 * alone:.2f} ms: {100 * (own / alone - 1):+.0f} % (goal <= +20 %); so it "
            f"hides behind 2 workers whose episodes take {2e3 * own:.0f} ms or more",
            flush=True,
        )


def _score(params: dict[str, object]) -> float:
    fast, slow = float(str(params["fast"])), float(str(params["slow"]))
    return -((fast - 20) ** 2) / 400 - (slow - 120) ** 2 / 10_000


def walks() -> None:
    """Print a proposal of random and of grid, against an episode of 100,000 candles."""
    candles, costs = read_sample("sample:minute?candles=100000"), Costs()
    strategy = SmaCross(fast=10, slow=30)
    evaluate_metrics(candles, strategy, costs, Unwatched())
    for name in ("random", "grid"):
        optimizer = make_optimizer(name, _space(), seed=7)
        episodes, proposals = [], []
        for k in range(15):
            episodes.append(timed(lambda: evaluate_metrics(candles, strategy, costs, Unwatched()), 5))
            began = time.perf_counter()
            _propose(optimizer, 200 * k)
            proposals.append((time.perf_counter() - began) / 200)
        share = 100 * statistics.median(proposals) / statistics.median(episodes)
        print(
            f"{name}: {1e6 * statistics.median(proposals):.1f} us a proposal, {share:.2f} % of an SMA "
            f"episode of 100,000 candles ({1e3 * statistics.median(episodes):.2f} ms); goal <= 5 %",
            flush=True,
        )


def _propose(optimizer: Optimizer, start: int) -> None:
    for number in range(start + 1, start + 201):
        optimizer.propose(number)


def _space() -> ParameterSpace:
    request = TrainRequest(strategy="sma_cross", data="sample:minute", optimizer="random", params=SPACE)
    with tempfile.TemporaryDirectory() as folder:
        spec = plan_job(request, Settings(home=Path(folder))).spec
    return ParameterSpace.from_json(SmaCross, spec.space)


if __name__ == "__main__":
    main()
