"""Where the peers' fill rules differ from those of `docs/fill-rules.md`, each as a test of its situation."""

from tests.peers.differences import Rule, Situation, near
from tests.peers.programs import Trade


def left_open(mine: Trade, other: Trade, situation: Situation) -> bool:
    """Rule 7 closes what is open at the end of the data; the peer leaves it open."""
    return mine.reason == "end_of_data" and other.exit is None


def leaves_without_slippage(mine: Trade, other: Trade, situation: Situation) -> bool:
    """backtesting.py takes its spread at the entry alone; by rule 2 and 4 exits slip as well."""
    slipped = other.exit_price * (1 - mine.side * situation.slippage)
    return (
        mine.exit == other.exit
        and mine.reason in ("signal", "reverse", "stop_loss")
        and near(mine.exit_price, slipped)
    )


def target_slips(mine: Trade, other: Trade, situation: Situation) -> bool:
    """vectorbt fills stops and targets alike; by rule 4 a target is a limit order, without slippage."""
    slipped = mine.exit_price * (1 - mine.side * situation.slippage)
    return mine.exit == other.exit and mine.reason == "take_profit" and near(slipped, other.exit_price)


def entry_candle_spared(mine: Trade, other: Trade, situation: Situation) -> bool:
    """vectorbt looks for stops and targets from the candle after the entry on; by rule 3 that one counts."""
    if mine.exit != mine.entry or mine.reason not in ("stop_loss", "take_profit"):
        return False
    last = len(situation.candles) if other.exit is None else other.exit
    if any(situation.leaves(mine, i) is not None for i in range(mine.entry + 1, last)):
        return False
    if other.exit is None:
        return True
    possible = (situation.leaves(mine, last), situation.reached(mine, last))
    factor = 1 - mine.side * situation.slippage
    return any(price is not None and near(price * factor, other.exit_price) for price in possible)


def stop_before_signal(mine: Trade, other: Trade, situation: Situation) -> bool:
    """vectorbt fills a stop or target before the signal at the same open; by rule 3 the open comes first."""
    if mine.exit is None or mine.exit != other.exit or mine.reason not in ("signal", "reverse"):
        return False
    price = situation.reached(mine, mine.exit)
    return price is not None and near(price * (1 - mine.side * situation.slippage), other.exit_price)


BACKTESTING: dict[str, Rule] = {"left open": left_open, "no slippage at the exit": leaves_without_slippage}

VECTORBT: dict[str, Rule] = {
    "left open": left_open,
    "slippage at the target": target_slips,
    "entry candle spared": entry_candle_spared,
    "stop before signal": stop_before_signal,
}
