"""`trad data download`, killed and gone on with; the exchange is on 127.0.0.1."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import ccxt
import numpy as np
import pytest
from tests.fakes.exchange import FakeExchange, local_binance, serving

from trad.market.library import find_candles
from trad.settings import read_settings

Run = Callable[..., tuple[int, str, str]]
Refused = Callable[..., str]
ROOT = Path(__file__).parents[3]
ASKED = ("data", "download", "binance", "BTC/USDT", "1h", "--since", "2024-01-01")

IN_A_PROCESS = """
import sys
import ccxt
from tests.fakes.exchange import local_binance
ccxt.binance = local_binance(sys.argv.pop(1))
from trad.cli.app import main
main()
"""


@pytest.fixture
def exchange(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeExchange]:
    with serving(FakeExchange()) as served:
        monkeypatch.setattr(ccxt, "binance", local_binance(served.url))
        yield served


def stored_times() -> list[int]:
    return [
        int(time) for time in find_candles("binance-btcusdt-1h", read_settings()).timestamp.view(np.int64)
    ]


def test_lines_and_the_outcome(run: Run, exchange: FakeExchange) -> None:
    code, out, err = run(*ASKED)
    assert code == 0, err
    assert out == (
        "binance-btcusdt-1h: 100 new candles, 100 in all, "
        "2024-01-01T00:00:00Z to 2024-01-05T03:00:00Z, 0 gaps\n"
    )
    assert err.startswith("binance BTC/USDT 1h into binance-btcusdt-1h\nDownload: ")
    assert "Download: 100.0% - 100 candles, 2024-01-05 03:00" in err
    assert stored_times() == exchange.times


def test_json_and_nothing_else(run: Run, exchange: FakeExchange) -> None:
    code, out, err = run(*ASKED, "--until", "2024-01-02", "--name", "day", "--json", "--quiet")
    assert (code, err) == (0, "")
    assert json.loads(out) == {
        "name": "day", "new": 24, "candles": 24, "first": "2024-01-01T00:00:00Z",
        "last": "2024-01-01T23:00:00Z", "gaps": 0,
    }  # fmt: skip


def test_what_cannot_be_asked_for(refused: Refused, exchange: FakeExchange) -> None:
    assert "did you mean binance" in refused(
        "data", "download", "binanc", "BTC/USDT", "1h", "--since", "2024-01-01"
    )
    assert "--since was 'soon'" in refused(*ASKED[:-1], "soon")
    assert "not after --since" in refused(*ASKED, "--until", "2023-01-01")
    assert "a dataset's name was 'a b'" in refused(*ASKED, "--name", "a b")


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT])
def test_stopped_in_the_middle_and_gone_on_with(
    run: Run, exchange: FakeExchange, end: signal.Signals, trad_home: Path
) -> None:
    exchange.held_after = 3
    started = subprocess.Popen(
        [sys.executable, "-c", IN_A_PROCESS, exchange.url, *ASKED],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    pieces = trad_home / "data" / "downloads" / "binance-btcusdt-1h"
    until = time.monotonic() + 60
    while len(list(pieces.glob("[0-9]*.arrow"))) < 3 and started.poll() is None and time.monotonic() < until:
        time.sleep(0.005)
    started.send_signal(end)
    _, err = started.communicate(timeout=60)
    exchange.held_after = None
    exchange.let_go.set()
    if end == signal.SIGINT:
        assert "the same command goes on from here" in err
        assert started.returncode == 130
    else:
        assert started.returncode == -signal.SIGKILL
    assert not (trad_home / "data" / "binance-btcusdt-1h.parquet").exists()
    exchange.asked.clear()
    assert run(*ASKED)[0] == 0
    assert stored_times() == exchange.times
    assert min(exchange.asked) == exchange.times[30]
