"""What an episode's backtest, and a job's importances, look like on the wire."""

from typing import Literal

from pydantic import Field

from trad.server.schemas import Moment, Out
from trad.service.inspector import RecomputedBacktest
from trad.service.inspector_series import CandleBars
from trad.service.job_importances import JobImportances

Times = list[int]
_TIMES = "Open times of the candles, milliseconds since 1970, UTC."
_PLACES = "Places of the candles in the data, from 0."


class TradeOut(Out):
    """A closed trade."""

    side: Literal["long", "short"]
    entry_index: int = Field(description="The candle of the entry, from 0.")
    entry_time: Moment
    entry_price: float
    exit_index: int
    exit_time: Moment
    exit_price: float
    size: float = Field(description="Units.")
    pnl: float = Field(description="Money, after fees.")
    return_pct: float = Field(description="pnl / notional at entry, a fraction.")
    fees: float
    exit_reason: str


class EquityOut(Out):
    """The equity at some candles: in each stretch its first, lowest, highest and last value."""

    index: list[int] = Field(description=_PLACES)
    timestamp: Times = Field(description=_TIMES)
    equity: list[float] = Field(description="Cash + position value at the candle's close.")


class CandlesOut(Out):
    """Candles, neighbours drawn together as one where there are many: no high and no low is lost."""

    index: list[int] = Field(description=f"{_PLACES} Of the first one in each.")
    timestamp: Times = Field(description=f"{_TIMES} Of the first one in each.")
    open: list[float]
    high: list[float]
    low: list[float]
    close: list[float]
    volume: list[float]


class BacktestOut(Out):
    """An episode's backtest, run again."""

    job_id: str
    number: int
    params: dict[str, int | float | str | bool]
    metrics: dict[str, float | int | None]
    trades: list[TradeOut] = Field(description="The first 2,000 in the order of exits.")
    total_trades: int = Field(description="How many there are.")
    total_candles: int = Field(description="How many candles it ran over.")
    ruined: bool = Field(description="Whether the equity fell to zero and ended the run.")
    elapsed_seconds: float
    equity: EquityOut
    candles: CandlesOut


class ImportanceOut(Out):
    """How much a parameter had to do with the best scores."""

    name: str
    importance: float = Field(ge=0, le=1, description="A share: those of a job add up to 1, or are all 0.")


class ImportancesOut(Out):
    """How much each searched parameter had to do with the best scores (PED-ANOVA), the largest first."""

    job_id: str
    episodes: int = Field(description="How many episodes it was worked out from.")
    importances: list[ImportanceOut] | None = Field(
        description="Null where nothing can be said; see `reason`."
    )
    reason: str | None = Field(description="Why there are none.")


def backtest_out(job_id: str, number: int, found: RecomputedBacktest) -> BacktestOut:
    """Return a backtest as it travels."""
    return BacktestOut(
        job_id=job_id,
        number=number,
        params=found.params,
        metrics=found.metrics,
        trades=[TradeOut(**trade) for trade in found.trades],
        total_trades=found.total_trades,
        total_candles=found.candles,
        ruined=found.ruined,
        elapsed_seconds=found.elapsed_seconds,
        equity=EquityOut(
            index=found.equity.index, timestamp=found.equity.timestamp, equity=found.equity.equity
        ),
        candles=candles_out(found.bars),
    )


def candles_out(bars: CandleBars) -> CandlesOut:
    """Return candles as they travel."""
    return CandlesOut(
        index=bars.index,
        timestamp=bars.timestamp,
        open=bars.open,
        high=bars.high,
        low=bars.low,
        close=bars.close,
        volume=bars.volume,
    )


def importances_out(job_id: str, found: JobImportances) -> ImportancesOut:
    """Return a job's importances as they travel."""
    shares = None
    if found.shares is not None:
        shares = [ImportanceOut(name=name, importance=share) for name, share in found.shares.items()]
    return ImportancesOut(job_id=job_id, episodes=found.episodes, importances=shares, reason=found.reason)
