import pytest

from trad.errors import CandlesError
from trad.market.columns import find_columns


@pytest.mark.parametrize(
    "names",
    [
        ["timestamp", "open", "high", "low", "close", "volume"],
        ["Date", "Open", "High", "Low", "Close", "Volume"],
        ["Open time", "Open", "High", "Low", "Close", "Volume"],
        ["open_time", "open", "high", "low", "close", "vol"],
        ["t", "o", "h", "l", "c", "v"],
        ["<DATE>", "<OPEN>", "<HIGH>", "<LOW>", "<CLOSE>", "<TICKVOL>"],
        ["Gmt time", "Open", "High", "Low", "Close", "Volume "],
        ["", "open", "high", "low", "close", "tick_volume"],
        ["Unnamed: 0", "open", "high", "low", "close", "Vol."],
        ["unix", "OPEN", "HIGH", "LOW", "CLOSE", "Volume BTC"],
        ["Date", "Open Price", "High Price", "Low Price", "Close/Last", "Volume"],
    ],
)
def test_the_usual_names(names: list[str]) -> None:
    roles = ("timestamp", "open", "high", "low", "close", "volume")
    assert find_columns(names) == {role: place for place, role in enumerate(roles)}


def test_the_surer_name_wins() -> None:
    names = ["unix", "Close Time", "date", "symbol", "open", "high", "low", "close", "tick_volume", "Volume"]
    found = find_columns(names)
    assert (found["timestamp"], found["volume"]) == (2, 9)


def test_a_volume_may_be_missing() -> None:
    assert "volume" not in find_columns(["date", "open", "high", "low", "close"])


def test_a_time_of_day_stands_beside_a_date() -> None:
    found = find_columns(["Date", "Time", "Open", "High", "Low", "Close"])
    assert (found["timestamp"], found["time_of_day"]) == (0, 1)
    assert "time_of_day" not in find_columns(["timestamp", "time", "open", "high", "low", "close"])


def test_what_was_found_and_what_is_needed_is_told() -> None:
    with pytest.raises(CandlesError) as refusal:
        find_columns(["Date", "Price", "Open", "High", "Low", "Vol."])
    assert str(refusal.value) == (
        "found the columns Date, Price, Open, High, Low, Vol., but none for close; candles need columns "
        "named timestamp (or date, time), open, high, low, close, and may have volume"
    )


def test_many_columns_are_told_in_short() -> None:
    with pytest.raises(CandlesError, match=r"c11, \.\.\. \(300 in all\), but none for timestamp, open"):
        find_columns([f"c{number}" for number in range(300)])


def test_twins_are_refused() -> None:
    with pytest.raises(CandlesError, match="two columns, 'Close' and 'close', could be the close; leave one"):
        find_columns(["date", "open", "high", "low", "Close", "close"])
