"""Options and settings that break a rule: each is refused by one message and exit code 2."""

from collections.abc import Callable

import pytest

Refused = Callable[..., str]
SAMPLE = "sample:minute?candles=3000"
TRAIN = ("train", "sma_cross", "--data", SAMPLE, "--workers", "0")
FEE = "; a fee is a fraction from 0 to 0.1, such as 0.001"
SLIPPAGE = "; a slippage is a fraction from 0 to 0.1, such as 0.001"
SIZE = "; it is a fraction of the equity, above 0 and up to 10, such as 0.5"
FORMS = "write fast=2:200, fast=2:200:step, fast=2,200 or fast=20"
ANY_FORM = "write name=low:high, name=low:high:step, name=a,b,c or name=value"
OBJECTIVES = (
    "sharpe, sortino, calmar, cagr, total_return, max_drawdown, profit_factor, expectancy, average_trade, "
    "sqn, win_rate, final_equity"
)


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("--fee=nan", "fee was nan" + FEE),
        ("--fee=-0.1", "fee was -0.1" + FEE),
        ("--fee=0.5", "fee was 0.5" + FEE),
        ("--fee=inf", "fee was inf" + FEE),
        ("--slippage=nan", "slippage was nan" + SLIPPAGE),
        ("--slippage=-0.1", "slippage was -0.1" + SLIPPAGE),
        ("--slippage=2", "slippage was 2.0" + SLIPPAGE),
        ("--position-size=nan", "position size was nan" + SIZE),
        ("--position-size=0", "position size was 0.0" + SIZE),
        ("--position-size=-1", "position size was -1.0" + SIZE),
        ("--position-size=1000", "position size was 1000.0" + SIZE),
    ],
)
def test_bad_costs_are_refused(refused: Refused, option: str, message: str) -> None:
    assert refused(*TRAIN, option) == message
    assert refused("backtest", "sma_cross", "--data", SAMPLE, option) == message


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("--episodes=0", "episodes was 0; it is a whole number from 1 to 10,000,000"),
        ("--episodes=-5", "episodes was -5; it is a whole number from 1 to 10,000,000"),
        ("--episodes=10000001", "episodes was 10000001; it is a whole number from 1 to 10,000,000"),
        ("--workers=-1", "workers was -1; it is a whole number from 0 (in this process) to 256"),
        ("--workers=257", "workers was 257; it is a whole number from 0 (in this process) to 256"),
        ("--seed=-1", "seed was -1; it is a whole number from 0 up"),
        (
            f"--seed={2**63}",
            f"seed was {2**63}; a seed is a whole number of at most 63 bits, such as 7",
        ),
        ("--optimizer=genetic", "the optimizer was 'genetic'; it is one of random, grid, bayesian"),
        ("--objective=sharp", f"objective was 'sharp'; it is one of {OBJECTIVES}"),
        ("--objective=fees_paid", f"objective was 'fees_paid'; it is one of {OBJECTIVES}"),
        ("--episode-timeout=0", "episode timeout was 0.0; it is a number above 0, such as 30 seconds"),
        ("--episode-memory=nan", "episode memory was nan; it is a number above 0, such as 512 megabytes"),
    ],
)
def test_bad_training_options_are_refused(refused: Refused, option: str, message: str) -> None:
    assert refused(*TRAIN, option) == message


MALFORMED = [
    ("fast", f"the parameter was 'fast'; {ANY_FORM}"),
    ("=5", f"the parameter was '=5'; {ANY_FORM}"),
    ("", f"the parameter was ''; {ANY_FORM}"),
    ("fast=", f"fast was '', and '' is no whole number; {FORMS}"),
    ("fast=5:", f"fast was '5:', and '' is no whole number; {FORMS}"),
    ("fast=5,,6", f"fast was '5,,6', and '' is no whole number; {FORMS}"),
    ("fast=abc", f"fast was 'abc', and 'abc' is no whole number; {FORMS}"),
    ("fast=20:5", "fast was 20:5; low must not be above high: write 5:20"),
    ("fast=5:20:0", "fast was 5:20:0; its step is a whole number above zero, not 0"),
    ("fast=1:2:3:4", "fast was 1:2:3:4; a range is low:high or low:high:step"),
    ("fast=5.5", "fast was 5.5; it is a whole number from 2 to 200"),
    ("fast=nan", "fast was nan; it is a whole number from 2 to 200"),
    ("fast=1000000", "fast was 1000000; it runs from 2 to 200"),
    ("fast=0:5", "fast was 0; it runs from 2 to 200"),
    ("fast=5,5", "fast was given 5 more than once; name each value once"),
    ("fsat=3", "SmaCross has no parameter 'fsat'; did you mean fast? it has fast, slow"),
    ("nope=3", "SmaCross has no parameter 'nope'; it has fast, slow"),
]


@pytest.mark.parametrize(("param", "message"), MALFORMED)
def test_a_malformed_param_is_refused(refused: Refused, param: str, message: str) -> None:
    assert refused(*TRAIN, "--param", param) == message
    assert refused("backtest", "sma_cross", "--data", SAMPLE, "--param", param) == message


def test_params_that_do_not_go_together_are_refused(refused: Refused) -> None:
    assert refused(*TRAIN, "--param", "fast=5", "--param", "fast=6") == (
        "fast was given twice, the second time as 'fast=6'; give each parameter once"
    )
    clash = ("--param", "fast=50", "--param", "slow=10")
    assert refused(*TRAIN, *clash) == (
        "none of the 1 configurations is allowed by SmaCross.valid(); widen the ranges"
    )
    assert refused("backtest", "sma_cross", "--data", SAMPLE, *clash) == (
        "SmaCross.valid() turns down fast=50, slow=10; choose values that go together"
    )


def test_a_backtest_takes_one_value_of_each_parameter(refused: Refused) -> None:
    backtest = ("backtest", "sma_cross", "--data", SAMPLE, "--param")
    message = "fast was given several values; a backtest takes one: fast="
    assert refused(*backtest, "fast=5:10").startswith(message)
    assert refused(*backtest, "fast=5,6").startswith(message)


def test_a_grid_too_large_is_refused_with_its_size(refused: Refused) -> None:
    message = refused("train", "liquidity_sweep", "--data", SAMPLE, "--optimizer", "grid", "--workers", "0")
    assert message.startswith(
        "the grid has 136,041,444,000 configurations (key_level_lookback 100 x sweep_atr 41 x "
    )
    assert "and may have 1,000,000; cut it with --episodes N" in message


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        (
            "TRAD_HOEM",
            "/tmp",
            "the environment variable TRAD_HOEM means nothing; Trad knows TRAD_DATABASE_URL",
        ),
        ("TRAD_LEASE", "abc", "TRAD_LEASE was 'abc'; input should be a valid number"),
        ("TRAD_LEASE", "0", "TRAD_LEASE was '0'; input should be greater than or equal to 0.5"),
        ("TRAD_LEASE", "nan", "TRAD_LEASE was 'nan'; input should be less than or equal to 3600"),
        ("TRAD_PROGRESS_INTERVAL", "0", "TRAD_PROGRESS_INTERVAL was '0'; input should be greater than"),
        ("TRAD_LOG_LEVEL", "loud", "TRAD_LOG_LEVEL was 'loud'; input should be "),
        ("TRAD_DATABASE_URL", "nonsense", "the database URL was 'nonsense'; it looks like sqlite:///"),
    ],
)
def test_a_bad_environment_is_refused(
    refused: Refused, monkeypatch: pytest.MonkeyPatch, name: str, value: str, message: str
) -> None:
    monkeypatch.setenv(name, value)
    assert refused("jobs", "list").startswith(message)
    assert refused(*TRAIN, "--episodes", "2").startswith(message)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("train", "sma_cross"), "Missing option '--data'"),
        (("train",), "Missing argument 'STRATEGY'"),
        (("nope",), "No such command 'nope'"),
        ((*TRAIN, "--fee=abc"), "Invalid value for '--fee'"),
        ((*TRAIN, "--frobnicate"), "No such option: --frobnicate"),
        (("jobs", "list", "--limit", "0"), "Invalid value for '--limit'"),
    ],
)
def test_wrong_usage_exits_with_two(
    run: Callable[..., tuple[int, str, str]], args: tuple[str, ...], message: str
) -> None:
    code, out, err = run(*args)
    assert (code, out) == (2, "")
    assert message in err
    assert "Traceback" not in err
