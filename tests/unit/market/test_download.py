"""Downloads through ccxt's own client, from an exchange on 127.0.0.1."""

from collections.abc import Iterator
from pathlib import Path

import ccxt
import numpy as np
import pytest
from tests.fakes.exchange import HOUR, START, FakeExchange, kline, local_binance, serving
from tests.fakes.folder import Folder

from trad.errors import ExchangeFailed, InputError
from trad.market.candles import Candles
from trad.market.dataset_marks import read_marks
from trad.market.datasets import save_dataset
from trad.market.download import Downloaded, DownloadProgress, download
from trad.market.exchange import MOST_TRIES, CcxtPages, Row
from trad.market.journal import Journal, Wanted, open_journal
from trad.market.library import find_candles


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "data")


@pytest.fixture
def exchange(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeExchange]:
    with serving(FakeExchange()) as served:
        monkeypatch.setattr(ccxt, "binance", local_binance(served.url))
        yield served


class Run:
    """Downloads, noting progress and pauses."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.told: list[DownloadProgress] = []
        self.pauses: list[float] = []

    def __call__(self, since: int = START, until: int | None = None, name: str = "btc") -> Downloaded:
        with CcxtPages("binance", "BTC/USDT", "1h", pause=self.pauses.append) as pages:
            return download(
                pages, name, since=since, until=until, settings=self.folder, report=self.told.append
            )

    def times(self, name: str = "btc") -> list[int]:
        stored = find_candles(name, self.folder).timestamp.view(np.int64)
        return [int(time) for time in stored]


@pytest.fixture
def run(folder: Folder) -> Run:
    return Run(folder)


def test_pages_are_joined_to_the_last_bit(run: Run, exchange: FakeExchange, folder: Folder) -> None:
    done = run()
    assert (done.new, done.candles, done.gaps, done.later) == (100, 100, 0, False)
    assert run.times() == exchange.times
    columns = np.array([[float(str(value)) for value in kline(at)[1:6]] for at in exchange.times]).T
    stamps = np.array(exchange.times).view("datetime64[ms]")
    assert find_candles("btc", folder).content_hash == Candles(stamps, *columns).content_hash
    marks = read_marks(folder.library / "btc.parquet")
    assert marks is not None
    assert (marks.symbol, marks.source) == ("BTC/USDT", "binance BTC/USDT 1h")
    assert not (folder.library / "downloads" / "btc").exists()


def test_progress_rises_to_the_end(run: Run, exchange: FakeExchange) -> None:
    run()
    reached = [progress.reached for progress in run.told]
    assert reached == sorted(reached)
    assert (reached[0], reached[-1], run.told[-1].candles) == (START, run.told[-1].stop, 100)
    assert len(reached) == 11


def test_the_unfinished_candle_is_left_out(run: Run, exchange: FakeExchange) -> None:
    exchange.now -= 1  # the last one has a millisecond to go
    run()
    assert run.times() == exchange.times[:-1]


def test_until_is_exclusive(run: Run, exchange: FakeExchange) -> None:
    run(until=START + 25 * HOUR)
    assert run.times() == exchange.times[:25]


def test_new_candles_are_appended_and_nothing_is_asked_twice(run: Run, exchange: FakeExchange) -> None:
    run(until=START + 25 * HOUR)
    exchange.asked.clear()
    done = run()
    assert (done.new, run.times()) == (75, exchange.times)
    assert min(exchange.asked) == START + 25 * HOUR
    exchange.asked.clear()
    assert run().new == 0
    assert exchange.asked == []


def test_a_page_that_repeats_candles(run: Run, exchange: FakeExchange) -> None:
    exchange.early = 3
    run()
    assert run.times() == exchange.times


def test_a_listing_later_than_asked_for(run: Run, exchange: FakeExchange) -> None:
    exchange.by_span = True  # pages before the listing are empty
    done = run(since=START - 95 * HOUR)
    assert (done.later, run.times()) == (True, exchange.times)


def test_a_gap_longer_than_a_page(run: Run, exchange: FakeExchange) -> None:
    exchange.by_span = True
    exchange.times = exchange.times[:33] + exchange.times[68:]
    done = run()
    assert (done.gaps, run.times()) == (1, exchange.times)


def test_a_busy_exchange_is_given_the_time_it_asks_for(run: Run, exchange: FakeExchange) -> None:
    exchange.faults = [(429, {"Retry-After": "7"}), (503, {}), (429, {"Retry-After": "soon"})]
    run()
    assert run.times() == exchange.times
    assert run.pauses[0] == 7.0
    assert 1.5 <= run.pauses[1] <= 7.0
    assert len(run.pauses) == 3


def test_silence_is_waited_out(run: Run, exchange: FakeExchange) -> None:
    exchange.faults = [0.9]  # the client has 0.4 s of patience
    run()
    assert run.times() == exchange.times
    assert len(run.pauses) == 1


def test_an_exchange_that_stays_away_is_told_and_gone_on_with(run: Run, exchange: FakeExchange) -> None:
    def break_off(progress: DownloadProgress) -> None:
        if progress.candles == 30:
            exchange.faults = [(503, {})] * MOST_TRIES

    with (
        CcxtPages("binance", "BTC/USDT", "1h", pause=run.pauses.append) as pages,
        pytest.raises(ExchangeFailed, match="goes on where it stopped"),
    ):
        download(pages, "btc", since=START, until=None, settings=run.folder, report=break_off)
    assert len(run.pauses) == MOST_TRIES - 1
    exchange.asked.clear()
    run()
    assert run.times() == exchange.times
    assert min(exchange.asked) == START + 30 * HOUR


def test_of_two_at_once_one_is_refused(run: Run, exchange: FakeExchange, folder: Folder) -> None:
    with (
        open_journal("btc", Wanted(source="binance BTC/USDT 1h", start=START), folder),
        pytest.raises(InputError, match="is being downloaded by another process"),
    ):
        run()


def test_what_another_start_left_is_dropped(run: Run, exchange: FakeExchange, folder: Folder) -> None:
    left = _left_behind("btc", folder)
    assert len(list(left.glob("*.arrow"))) == 1
    run()
    assert float(find_candles("btc", folder).open[0]) != 7.0


def _left_behind(name: str, folder: Folder) -> Path:
    """Leave what a run of another start kept before it was killed."""
    left = folder.library / "downloads" / name
    journal = Journal(left, Wanted(source="binance BTC/USDT 1h", start=START - HOUR))
    journal.add(START, START + HOUR, _candles(START, price=7.0))
    return left


def _candles(opened: int, price: float) -> Candles:
    one = np.array([price])
    return Candles(np.array([opened]).view("datetime64[ms]"), one, one, one, one, one)


def test_candles_that_cannot_be_are_not_stored(
    run: Run, exchange: FakeExchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        FakeExchange, "klines", lambda self, query: [[self.times[0], "1", "1", "2", "1", "1", 0]]
    )
    with pytest.raises(ExchangeFailed, match=r"what binance BTC/USDT 1h sent cannot be stored"):
        run()


def test_rows_with_too_few_values_are_not_stored(run: Run, exchange: FakeExchange, folder: Folder) -> None:
    class Short(CcxtPages):
        def page(self, since: int) -> list[Row]:
            return [[float(since), 1.0, 1.0]]

    with (
        Short("binance", "BTC/USDT", "1h") as pages,
        pytest.raises(ExchangeFailed, match="cannot be stored"),
    ):
        download(pages, "btc", since=START, until=None, settings=folder, report=run.told.append)


def test_a_name_of_something_else_is_left_alone(run: Run, exchange: FakeExchange, folder: Folder) -> None:
    save_dataset(_candles(START, 7.0), "btc", source="prices.csv", settings=folder)
    with pytest.raises(InputError, match=r"btc came from prices.csv, not from binance BTC/USDT 1h"):
        run()
    assert exchange.asked == []


def test_a_span_without_candles(run: Run, exchange: FakeExchange, folder: Folder) -> None:
    for since, until in ((START + 500 * HOUR, None), (START - 50 * HOUR, START - 20 * HOUR)):
        with pytest.raises(InputError, match="no finished candle in the span"):
            run(since, until)
    assert not (folder.library / "btc.parquet").exists()


@pytest.mark.parametrize(
    ("exchange_name", "symbol", "interval", "message"),
    [
        ("binanc", "BTC/USDT", "1h", r"no exchange 'binanc'; did you mean binance"),
        ("binance", "BTC/USDX", "1h", r"binance has no symbol 'BTC/USDX'; did you mean BTC/USDT"),
        ("binance", "BTC/USDT", "1hh", r"no candles of '1hh'; did you mean .*; it has 1s, 1m"),
        ("binance", "BTC/USDT", "1M", r"no candles of '1M'"),
    ],
)
def test_what_is_unknown_is_answered_with_the_closest(
    exchange: FakeExchange, exchange_name: str, symbol: str, interval: str, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        CcxtPages(exchange_name, symbol, interval)
