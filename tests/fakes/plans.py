"""Plans over real candles and strategy files, for the executors and what runs inside them."""

from pathlib import Path

from trad.market.cache import store
from trad.market.candles import Candles
from trad.market.samples import read_sample
from trad.strategies.loading import identify
from trad.training.episode import EpisodePlan

FAKES = Path(__file__).parent
FAULTY = f"{FAKES / 'faulty.py'}:Faulty"
PLODDING = f"{FAKES / 'plodding.py'}:Plodding"


def market(candles: int = 2_000) -> Candles:
    return read_sample(f"sample:minute?candles={candles}")


def plan_for(
    strategy: str,
    cache: Path,
    candles: Candles | None = None,
    *,
    code: str | None = None,
    memory: int | None = None,
) -> EpisodePlan:
    """Put the candles in the cache and say what all episodes have in common."""
    series = candles or market()
    store(series, cache)
    reference = None if code is not None else identify(strategy)
    return EpisodePlan(
        strategy=strategy,
        strategy_code=reference.code_hash if reference is not None else code or "",
        strategies_folder=None,
        cache_folder=str(cache),
        data_hash=series.content_hash,
        objective="total_return",
        fee=0.001,
        slippage=0.0005,
        position_size=1.0,
        initial_cash=10_000.0,
        memory=memory,
    )
