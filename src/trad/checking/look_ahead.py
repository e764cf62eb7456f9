"""Finds signals that know the future: cuts it off, and replaces it by noise."""

from dataclasses import dataclass

import numpy as np

from trad.checking.comparing import EXACT, differences, signalled, span, words
from trad.checking.noise import NOISES, with_noise
from trad.checking.report import Finding, Outcome
from trad.checking.runs import Runs
from trad.errors import StrategyError
from trad.market.candles import Candles
from trad.strategies.signal_checks import moment
from trad.strategies.signals import Signals

_AT_SIGNALS, _ANYWHERE = 12, 4
"""How many cuts come right after a signal, and how many just somewhere."""
_CONFIRMED = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class _Seen:
    """A signal that another future changed, and how many candles that run shared with the full one."""

    candle: int
    shared: int
    other: Signals


def look_ahead(runs: Runs, candles: Candles, full: Signals, seed: int) -> Outcome:
    """Compare the full run with runs over shorter series, and over series that go on differently.

    Args:
        runs: Runs the strategy.
        candles: The whole series.
        full: The signals for it.
        seed: Where noise and the cuts that lie anywhere come from.
    """
    runs.check = "look_ahead"
    search = _Search(runs, candles, full, seed)
    cuts = _cuts(full, seed)
    cut_off = [seen for cut in cuts if (seen := search.cut_off(cut)) is not None]
    noisy = [seen for turn, cut in enumerate(cuts) if (seen := search.noise(cut, turn)) is not None]
    # What differs at a series' last candle alone may come from knowing that it is the last, which is no
    # secret of the future: it counts once the noise, which hides no end, says the same.
    certain = [seen for seen in cut_off if seen.candle < seen.shared - 1] + noisy
    if cut_off and not certain:
        certain = noisy = search.confirmed(cut_off, len(cuts))
    findings = [search.explained(cut_off, noisy)] if certain else []
    notes = [*search.failures]
    if cut_off and not certain:
        last = cut_off[0].candle
        text = f"where {moment(candles, last)} is the last one, its signal differs, though what comes after "
        text += "it does not matter: the last candle seems to be treated apart"
        notes.append(Finding(check="look_ahead", candle=last, text=text))
    what = "signals change" if findings else "no signal changes"
    summary = f"{what} when the future is cut off or replaced by noise ({len(cuts)} places)"
    return Outcome(
        check="look_ahead",
        summary=summary,
        findings=(*findings, *search.faults),
        notes=tuple(notes),
    )


def _order(seen: _Seen) -> tuple[int, int]:
    return seen.candle, seen.shared


def _cuts(full: Signals, seed: int) -> list[int]:
    """Choose how many candles to keep: up to a signal, the signal included, and up to anywhere."""
    n = len(full)
    at = signalled(full)
    at = at[at < n - 1]
    chosen = at[np.unique(np.linspace(0, len(at) - 1, min(_AT_SIGNALS, len(at))).astype(int))] + 1
    anywhere = np.random.default_rng([seed, n]).integers(n // 8, n, _ANYWHERE if len(at) else _AT_SIGNALS)
    return [int(cut) for cut in np.unique(np.concatenate((chosen, anywhere)))]


class _Search:
    """Looks for signals that another future changes, and keeps what failed on the way."""

    def __init__(self, runs: Runs, candles: Candles, full: Signals, seed: int) -> None:
        self._runs, self._candles, self._full, self._seed = runs, candles, full, seed
        self._shortest_good = len(candles)
        self._raised: dict[int, StrategyError] = {}
        self._noise_raised: StrategyError | None = None

    def cut_off(self, cut: int) -> _Seen | None:
        """Run over the first `cut` candles alone."""
        made = self._runs.attempt(self._candles[:cut])
        if isinstance(made, StrategyError):
            self._raised[cut] = made
            return None
        self._shortest_good = min(self._shortest_good, cut)
        return self._compared(made, cut)

    def noise(self, cut: int, turn: int) -> _Seen | None:
        """Run over the first `cut` candles, and noise after them."""
        made = self._runs.attempt(with_noise(self._candles, cut, self._seed, turn))
        if isinstance(made, StrategyError):
            self._noise_raised = self._noise_raised or made
            return None
        return self._compared(made, cut)

    def confirmed(self, cut_off: list[_Seen], turn: int) -> list[_Seen]:
        """Put noise of every level after some cuts: where signals are few, none may have met its like yet."""
        turns = [(seen.shared, turn + other) for seen in cut_off[:_CONFIRMED] for other in range(NOISES)]
        return [seen for cut, number in turns if (seen := self.noise(cut, number)) is not None]

    def _compared(self, made: Signals, shared: int) -> _Seen | None:
        marked = np.flatnonzero(differences(span(self._full, 0, shared), span(made, 0, shared), EXACT))
        return _Seen(candle=int(marked[0]), shared=shared, other=made) if len(marked) else None

    @property
    def faults(self) -> list[Finding]:
        """A run over fewer candles that raised, though one over fewer still did not."""
        cut = next((cut for cut in sorted(self._raised) if cut > self._shortest_good), None)
        if cut is None:
            return []
        text = f"it raises when the first {cut:,} candles are all there is: {self._raised[cut]}"
        return [Finding(check="look_ahead", text=text, candle=cut - 1)]

    @property
    def failures(self) -> list[Finding]:
        """Runs that raised for another reason than the future."""
        notes = []
        short = [cut for cut in self._raised if cut < self._shortest_good]
        if short:
            text = f"it raises on {max(short):,} candles or fewer: {self._raised[max(short)]}"
            notes.append(Finding(check="look_ahead", text=text))
        if self._noise_raised is not None:
            text = f"it raises on made-up candles, which keep all rules: {self._noise_raised}"
            notes.append(Finding(check="look_ahead", text=text))
        return notes

    def explained(self, cut_off: list[_Seen], noisy: list[_Seen]) -> Finding:
        """Say of the first candle found what changes its signal, and which candle it has to know.

        What a cut changes is told before what noise changes: it leads to the candle that has to be known.
        """
        if cut_off:
            first = self._earlier(min(cut_off, key=_order))
            without, length = self._known_with(first)
            was, other = words(self._full, first.candle, without, first.candle)
            text = f"the signal at {self._moment(first.candle)} becomes {was} only when "
            text += f"{self._moment(length - 1)} is known; without that candle it is {other}"
        else:
            first = min(noisy, key=_order)
            was, other = words(self._full, first.candle, first.other, first.candle)
            text = f"the signal at {self._moment(first.candle)} is {was}, but {other} where other candles "
            text += f"follow {self._moment(first.shared - 1)}"
        return Finding(check="look_ahead", text=text, candle=first.candle)

    def _moment(self, index: int) -> str:
        return moment(self._candles, index)

    def _earlier(self, found: _Seen) -> _Seen:
        """Halve the signals before the one found to the first that a cut right after it changes.

        Entries are looked for among entries, exits among exits: a strategy may cheat in one of them alone.
        """
        earlier = span(self._full, 0, found.candle)
        before = np.flatnonzero(earlier.entry) if self._full.entry[found.candle] else signalled(earlier)
        low, high = 0, len(before)
        while low < high:
            middle = (low + high) // 2
            seen = self.cut_off(int(before[middle]) + 1)
            if seen is None:
                low = middle + 1
            else:
                high = min(middle, int(np.searchsorted(before, seen.candle)))
                found = min(found, seen, key=_order)
        return found

    def _known_with(self, seen: _Seen) -> tuple[Signals, int]:
        """Find a length with which the signal becomes what it is in the full run.

        Returns:
            The signals of a shorter run, in which it is not, and the length, which is one candle more.
        """
        low, high, without = seen.shared, len(self._candles), seen.other
        while high - low > 1:
            middle = (low + high) // 2
            made = self._different(seen.candle, middle)
            if made is None:
                high = middle
            else:
                low, without = middle, made
        return without, high

    def _different(self, candle: int, length: int) -> Signals | None:
        made = self._runs.attempt(self._candles[:length])
        if isinstance(made, StrategyError):
            return None
        row = slice(candle, candle + 1)
        full, other = span(self._full, row.start, row.stop), span(made, row.start, row.stop)
        return made if differences(full, other, EXACT)[0] else None
