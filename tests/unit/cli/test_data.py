"""`trad data`."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., tuple[int, str, str]]
Source = Callable[[str, str], Path]
HEADER = "timestamp,open,high,low,close,volume\n"


def test_check_of_good_candles(run: Run, shared_data: Path) -> None:
    code, out, err = run("data", "check", shared_data / "btcusdt-1h.parquet")
    assert (code, err) == (0, "")
    assert "32,855 candles" in out
    document = json.loads(run("data", "check", shared_data / "btcusdt-1h.parquet", "--json")[1])
    assert (document["good"], document["timeframe"], document["gaps"]) == (True, "1h", 1)


def test_check_of_bad_candles_reports_every_rule(run: Run, source: Source) -> None:
    rows = "2024-01-01T00:00:00Z,nan,11,9,10,1\n2024-01-01T00:00:00Z,10,8,9,10,-1\n"
    path = source("bad.csv", HEADER + rows)
    code, out, err = run("data", "check", path)
    assert (code, err) == (2, "")
    assert "2 of 2 candles break" in out
    for rule in ("NaN or infinite value", "high below low", "negative volume", "same time as an earlier row"):
        assert f"  {rule}: 1 row" in out
    code, out, _ = run("data", "check", path, "--json")
    document = json.loads(out, parse_constant=lambda constant: pytest.fail(f"{constant} is no JSON"))
    assert code == 2
    assert not document["good"]
    assert document["bad_rows"] == 2
