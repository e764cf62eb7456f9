import numpy as np

from trad.strategies.signals import Signals


def test_empty_signals_do_nothing_and_can_be_filled_in() -> None:
    signals = Signals.empty(3)
    signals.entry[1], signals.exit[2], signals.stop_loss[1], signals.take_profit[1] = 1, True, 9.5, 11.0
    assert len(signals) == 3
    assert {name: column.tolist() for name, column in signals.columns().items()} == {
        "entry": [0, 1, 0],
        "exit": [False, False, True],
        "stop_loss": [0, 9.5, 0],
        "take_profit": [0, 11.0, 0],
    }


def test_columns_that_are_not_there_are_left_out() -> None:
    assert list(Signals(entry=np.zeros(2, np.int8)).columns()) == ["entry"]
