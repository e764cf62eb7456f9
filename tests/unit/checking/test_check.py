"""Cheats are found and named; honest strategies pass."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.unit.checking import cheats

import trad
from trad.checking.check import check_strategy
from trad.checking.report import CHECKS, CheckReport
from trad.errors import InputError, ParameterError, StrategyError
from trad.market.candles import Candles
from trad.market.files import read_candles
from trad.market.samples import read_sample
from trad.strategies.built_in import BUILT_IN, load_built_in
from trad.strategies.signals import Signals
from trad.strategies.strategy import Strategy

SEEDS = (0, 1, 2)
REAL = ("btcusdt-1d", "ethusdt-15m", "eurusd-1h", "spy-1d", "nifty-1m", "ltcbtc-5m")


@pytest.fixture(scope="module")
def minutes() -> Candles:
    return read_sample("sample:minute?candles=4000")


def texts(report: CheckReport, name: str) -> list[str]:
    return [finding.text for finding in report.findings if finding.check == name]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    "cheat",
    [
        "Shifted", "Centred", "WholeMaximum", "Scaled", "Filled", "LateClose", "PeekingExit", "PeekingStop",
    ],
)  # fmt: skip
def test_look_ahead_is_found(cheat: str, seed: int, minutes: Candles) -> None:
    report = check_strategy(minutes, getattr(cheats, cheat), {}, seed=seed)
    (text,) = texts(report, "look_ahead")
    assert re.match(
        r"the signal at candle \d+ \(.+ UTC\) becomes .+ only when candle \d+ \(.+ UTC\) is known", text
    )
    assert report.warm_up is None
    assert not report.good


class TestTheSentence:
    """The first signal that needs a later candle, and the candle that it needs."""

    def test_of_the_next_candle(self, minutes: Candles) -> None:
        report = trad.check(minutes, cheats.Shifted)
        close = minutes.close
        first = int(np.flatnonzero(close[1:] > close[:-1] * 1.001)[0])
        (finding,) = report.findings
        assert finding.candle == first
        assert f"the signal at candle {first} (" in finding.text
        assert f"becomes BUY only when candle {first + 1} (" in finding.text
        assert finding.text.endswith("is known; without that candle it is HOLD")

    def test_of_entries_among_honest_exits(self, minutes: Candles) -> None:
        close = minutes.close
        first = int(np.flatnonzero((close[1:] > close[:-1] * 1.001) & (close[:-1] < close[0] * 0.999))[0])
        assert trad.check(minutes, cheats.PeekingEntry).findings[0].candle == first

    def test_of_a_centred_window(self, minutes: Candles) -> None:
        report = trad.check(minutes, cheats.Centred)
        (finding,) = report.findings
        assert finding.candle is not None
        assert f"only when candle {finding.candle + 10} (" in finding.text

    def test_of_a_stop(self, minutes: Candles) -> None:
        (finding,) = trad.check(minutes, cheats.PeekingStop).findings
        assert finding.candle == 20
        assert "BUY with stop-loss" in finding.text


@pytest.mark.parametrize("seed", SEEDS)
def test_chance_is_found_and_nothing_is_laid_at_the_futures_door(seed: int, minutes: Candles) -> None:
    report = check_strategy(minutes, cheats.Chance, {}, seed=seed)
    (text,) = (finding.text for finding in report.findings)
    assert text.startswith("two runs over the same candles differ: the signal at candle ")
    states = report.as_json()["checks"]
    assert states["look_ahead"] == states["warm_up"] == "not checked"


def test_what_a_class_keeps_is_found_and_named(minutes: Candles) -> None:
    report = trad.check(minutes, cheats.Remembering)
    (text,) = texts(report, "repeatable")
    assert "a new instance gives other signals (the class attribute seen changed)" in text
    assert cheats.Remembering.seen == []


def test_what_an_object_of_the_class_learned_is_seen_through_its_repr(minutes: Candles) -> None:
    report = trad.check(minutes, cheats.FittedOnce)
    assert "(the class attribute level changed)" in texts(report, "repeatable")[0]
    assert len(texts(report, "look_ahead")) == 1


def test_what_a_module_keeps_is_found_and_named(minutes: Candles) -> None:
    (text,) = texts(trad.check(minutes, cheats.RememberingModule), "repeatable")
    assert "(the module's _levels changed)" in text


def test_what_an_instance_keeps_is_found(minutes: Candles) -> None:
    (text,) = texts(trad.check(minutes, cheats.RememberingInstance), "repeatable")
    assert text.startswith("the same instance gives other signals")


def test_a_harmless_cache_is_a_note(minutes: Candles) -> None:
    report = trad.check(minutes, cheats.Caching)
    assert report.good
    assert [note.text for note in report.notes] == [
        "a run leaves something behind, without any effect on the signals (the class attribute cache changed)"
    ]


def test_a_single_signal_that_cheats_is_found(minutes: Candles) -> None:
    rises = np.flatnonzero(minutes.close[1:] > minutes.close[:-1])

    def before_one_rise(frame: Any) -> Any:
        return (frame.close.shift(-1) > frame.close) & (frame.index == rises[10])

    (finding,) = trad.check(minutes, cheats.ruled(before_one_rise)).findings
    assert finding.candle == rises[10]


def test_a_last_candle_treated_apart_is_no_look_ahead(minutes: Candles) -> None:
    report = trad.check(minutes, cheats.LastCandleOut)
    assert report.good
    assert "the last candle seems to be treated apart" in report.notes[0].text


def test_edges_that_raise_are_found_and_silent_ones_noted(minutes: Candles) -> None:
    report = trad.check(minutes, cheats.FragileEdges)
    low, all_low = report.findings
    assert low.text.startswith("with window=0 it raises: ZeroDivisionError")
    assert low.params == {"window": 0, "share": 0.5}
    assert all_low.text.startswith("with every parameter at its low end it raises: ZeroDivisionError")
    assert [note.text for note in report.notes] == ["with window=100000 it never trades on these candles"]
    assert "valid() turned down 2 more" in report.outcomes[-1].summary


def test_a_strategy_without_signals_is_not_vouched_for(minutes: Candles) -> None:
    (finding,) = trad.check(minutes, cheats.ruled(lambda frame: frame.close < 0)).findings
    assert finding.check == "signals"


class TestHonest:
    """No false alarm."""

    @pytest.mark.parametrize("name", BUILT_IN)
    @pytest.mark.parametrize("sample", ["sample:aapl-1d", "sample:minute?candles=5000"])
    def test_built_in_over_samples(self, name: str, sample: str) -> None:
        report = trad.check(read_sample(sample), load_built_in(name))
        assert report.findings == ()
        assert report.warm_up is not None

    @pytest.mark.parametrize("file", REAL)
    def test_built_in_over_real_candles(self, file: str, shared_data: Path) -> None:
        candles = read_candles(shared_data / f"{file}.parquet")[:6000]
        for name in BUILT_IN:
            assert trad.check(candles, load_built_in(name)).findings == ()

    def test_breakout_warms_up_in_its_lookback(self) -> None:
        report = trad.check(read_sample("sample:minute?candles=3000"), cheats.Breakout, lookback=33)
        assert report.findings == ()
        assert report.warm_up == 33

    @pytest.mark.parametrize("seed", SEEDS)
    def test_the_same_seed_says_the_same(self, seed: int, minutes: Candles) -> None:
        one, two = (
            check_strategy(minutes, cheats.Centred, {}, seed=seed).as_json() | {"elapsed_seconds": 0}
            for _ in range(2)
        )
        assert one == two


def test_signals_that_count_from_the_first_candle_never_settle(minutes: Candles) -> None:
    def every_seventh(frame: Any) -> Any:
        return np.arange(len(frame)) % 7 == 0

    report = trad.check(minutes, cheats.ruled(every_seventh))
    assert report.good
    assert report.warm_up is None
    assert "they depend on where the data begins" in report.notes[0].text


def test_a_strategy_that_cannot_do_with_few_candles(minutes: Candles) -> None:
    class Demanding(Strategy):
        def generate_signals(self, candles: Candles) -> Signals:  # type: ignore[override]
            if len(candles) < 500:
                raise ValueError("too few")
            entry = np.zeros(len(candles), np.int8)
            entry[5:] = candles.close[5:] > candles.close[:-5]
            return Signals(entry=entry)

    report = trad.check(minutes, Demanding)
    assert report.good
    assert any("or fewer: ValueError: too few" in note.text for note in report.notes)


def test_what_is_refused(minutes: Candles) -> None:
    with pytest.raises(InputError, match="has 99 candles; a check needs 100 or more"):
        trad.check(minutes[:99], cheats.Breakout)
    with pytest.raises(InputError, match="seed was -1"):
        check_strategy(minutes, cheats.Breakout, {}, seed=-1)
    with pytest.raises(ParameterError, match="no parameter 'lookbak'"):
        trad.check(minutes, cheats.Breakout, lookbak=3)
    with pytest.raises(StrategyError, match="ZeroDivisionError"):
        trad.check(minutes, cheats.FragileEdges, window=0)


def test_the_report_in_words_and_as_data(minutes: Candles) -> None:
    report = trad.check(minutes, cheats.Shifted)
    lines = str(report).splitlines()
    assert lines[0] == f"Ruled on {minutes.name}, 4,000 candles"
    assert any(line.startswith("FOUND        look-ahead") for line in lines)
    assert lines[-1].startswith("1 finding; ")
    document = report.as_json()
    assert tuple(document["checks"]) == CHECKS
    assert document["good"] is False
    assert document["runs"] == report.runs > 30
