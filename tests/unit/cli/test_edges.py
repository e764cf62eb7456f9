"""Exit codes, and what reaches the terminal."""

import pytest

from trad.cli.edges import exit_code
from trad.errors import (
    CandlesError,
    DatabaseTooNew,
    ExecutorError,
    JobBusy,
    JobNotFound,
    LeaseLost,
    StrategyError,
    TradError,
    TransitionError,
)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (CandlesError, 2),
        (JobNotFound, 2),
        (JobBusy, 2),
        (TransitionError, 2),
        (StrategyError, 1),
        (ExecutorError, 1),
        (LeaseLost, 1),
        (DatabaseTooNew, 1),
    ],
)
def test_what_the_user_can_put_right_is_two(error: type[TradError], code: int) -> None:
    assert exit_code(error("why")) == code
