"""What a check of a strategy found, as plain data and as sentences."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from trad.strategies.parameters import Params

CheckName = Literal["look_ahead", "repeatable", "warm_up", "parameters", "signals"]
CHECKS: tuple[CheckName, ...] = ("signals", "repeatable", "look_ahead", "warm_up", "parameters")


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing that was noticed.

    Attributes:
        check: The check that noticed it.
        text: A sentence.
        candle: The candle it is about, counted from 0; None where it is about none.
        params: The configuration it is about, where that is not the checked one.
    """

    check: CheckName
    text: str
    candle: int | None = None
    params: Params | None = None

    def as_json(self) -> dict[str, Any]:
        """The finding as plain data."""
        return {"check": self.check, "text": self.text, "candle": self.candle, "params": self.params}


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What one check says.

    Attributes:
        summary: What was tried and how it came out, in a line.
        findings: What makes a backtest of the strategy untrue, or a configuration fail.
        notes: What is good to know.
        done: Whether the check could be made at all.
        chance: Whether two runs differed that nothing set apart: then no comparison says anything.
    """

    check: CheckName
    summary: str
    findings: tuple[Finding, ...] = ()
    notes: tuple[Finding, ...] = ()
    done: bool = True
    chance: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckReport:
    """What all checks found.

    Attributes:
        strategy: The strategy's class, by name.
        params: The checked configuration.
        data: The candles' name.
        candles: How many there were.
        entries: How many signals to enter the strategy gave for them.
        warm_up: Candles after which the signals did not depend on where the data began, over all
            beginnings that were tried; None where they never settled, or it was not measured.
        outcomes: What each check says, in the order of `CHECKS`.
        runs: How often the strategy ran.
        seed: Where the noise came from.
        elapsed_seconds: How long it all took.
    """

    strategy: str
    params: Params
    data: str
    candles: int
    entries: int
    warm_up: int | None
    outcomes: tuple[Outcome, ...]
    runs: int
    seed: int
    elapsed_seconds: float

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What makes a backtest untrue, or a configuration fail."""
        return tuple(finding for outcome in self.outcomes for finding in outcome.findings)

    @property
    def notes(self) -> tuple[Finding, ...]:
        """What is good to know."""
        return tuple(note for outcome in self.outcomes for note in outcome.notes)

    @property
    def good(self) -> bool:
        """Whether nothing was found, notes aside."""
        return not self.findings

    def as_json(self) -> dict[str, Any]:
        """The report as plain data."""
        return {
            "strategy": self.strategy,
            "params": self.params,
            "data": self.data,
            "candles": self.candles,
            "entries": self.entries,
            "good": self.good,
            "findings": [finding.as_json() for finding in self.findings],
            "notes": [note.as_json() for note in self.notes],
            "warm_up": self.warm_up,
            "checks": {outcome.check: _state(outcome) for outcome in self.outcomes},
            "runs": self.runs,
            "seed": self.seed,
            "elapsed_seconds": self.elapsed_seconds,
        }

    def lines(self) -> Iterator[str]:
        """Say it all to people: a line for each check, then its sentences."""
        params = "".join(f"  {name}={value}" for name, value in self.params.items())
        yield f"{self.strategy} on {self.data}, {self.candles:,} candles{params}"
        for outcome in self.outcomes:
            yield f"{_state(outcome):<12} {outcome.check.replace('_', '-'):<11} {outcome.summary}"
            for kind, said in (("", outcome.findings), ("note: ", outcome.notes)):
                for finding in said:
                    yield f"{'':13}{kind}{finding.text}"
        count = len(self.findings)
        found = "nothing found" if not count else "1 finding" if count == 1 else f"{count} findings"
        yield f"{found}; {self.runs} runs in {self.elapsed_seconds:.1f} s, seed {self.seed}"

    def __str__(self) -> str:
        return "\n".join(self.lines())


def _state(outcome: Outcome) -> str:
    if not outcome.done:
        return "not checked"
    return "FOUND" if outcome.findings else "ok"
