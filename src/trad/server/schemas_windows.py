"""What windows of candles, trades and gaps look like on the wire."""

from typing import Any

from pydantic import Field

from trad.market.gaps import Gaps
from trad.server.schemas import Moment, Out
from trad.server.schemas_results import CandlesOut, TradeOut, candles_out
from trad.service.documents import moment
from trad.service.windows import BacktestWindow, CandleWindow, TradePage


class PlacedTradeOut(TradeOut):
    """A closed trade, and where it stands among all."""

    number: int = Field(description="Its place in the order of exits, from 1.")
    stop_loss: float | None = Field(description="The stop's price that the entry's signal carried.")
    take_profit: float | None = Field(description="The target's price that the entry's signal carried.")


class WindowOut(Out):
    """Candles of a window."""

    start: int = Field(description="The first candle, from 0.")
    stop: int = Field(description="The candle after the last one.")
    total_candles: int = Field(description="How many candles there are in all.")
    width: int = Field(
        description="How many candles a bar stands for, a power of two: 1 shows the real ones. Bars begin "
        "at multiples of it; the first and the last may be narrower."
    )
    candles: CandlesOut


class BacktestWindowOut(WindowOut):
    """A window of an episode's backtest."""

    job_id: str
    number: int
    equity: list[float] = Field(description="Of each bar: cash + position value at its last candle's close.")
    drawdown: list[float] = Field(
        description="Of each bar the deepest: equity / its highest since the run began - 1, a fraction."
    )
    trades: list[PlacedTradeOut] = Field(
        description="Those that touch the window, in the order of exits; of more than 200 those that won "
        "or lost most."
    )
    touching: int = Field(description="How many trades touch the window.")
    total_trades: int = Field(description="How many the whole run has.")
    ruined: bool = Field(description="Whether the equity fell to zero and ended the run.")


class TradesOut(Out):
    """Some neighbouring trades of an episode's backtest."""

    job_id: str
    number: int
    start: int = Field(description="How many trades stand before them.")
    trades: list[PlacedTradeOut] = Field(description="In the order of exits.")
    total_trades: int = Field(description="How many there are.")


class DatasetWindowOut(WindowOut):
    """A window of a dataset's candles."""

    name: str


class GapOut(Out):
    """Neighbouring candles that are missing."""

    index: int = Field(description="The candle that comes after, from 0.")
    start: Moment = Field(description="When the first missing candle would have opened.")
    stop: Moment = Field(description="When the candle that comes after opened.")
    missing: int = Field(description="How many would have opened in between.")


class GapsOut(Out):
    """Where candles of a dataset are missing."""

    name: str
    interval: str | None = Field(description="The commonest distance of two candles.", examples=["1h"])
    gaps: int = Field(description="How many gaps there are, weekends among them.")
    longest: list[GapOut] = Field(description="At most 20, the longest first.")


def backtest_window_out(job_id: str, number: int, found: BacktestWindow) -> BacktestWindowOut:
    """Return a window of a backtest as it travels."""
    return BacktestWindowOut(
        **_window(found.candles),
        job_id=job_id,
        number=number,
        equity=found.equity,
        drawdown=found.drawdown,
        trades=[PlacedTradeOut(**trade) for trade in found.trades],
        touching=found.touching,
        total_trades=found.total_trades,
        ruined=found.ruined,
    )


def trades_out(job_id: str, number: int, start: int, found: TradePage) -> TradesOut:
    """Return some trades as they travel."""
    trades = [PlacedTradeOut(**trade) for trade in found.trades]
    return TradesOut(
        job_id=job_id, number=number, start=start, trades=trades, total_trades=found.total_trades
    )


def dataset_window_out(name: str, found: CandleWindow) -> DatasetWindowOut:
    """Return a window of candles as it travels."""
    return DatasetWindowOut(**_window(found), name=name)


def _window(found: CandleWindow) -> dict[str, Any]:
    return {
        "start": found.start,
        "stop": found.stop,
        "total_candles": found.total,
        "width": found.width,
        "candles": candles_out(found.bars),
    }


def gaps_out(name: str, found: Gaps) -> GapsOut:
    """Return a dataset's gaps as they travel."""
    longest = [
        GapOut(
            index=gap.index,
            start=moment(gap.start / 1000),
            stop=moment(gap.stop / 1000),
            missing=gap.missing,
        )
        for gap in found.longest
    ]
    return GapsOut(name=name, interval=found.interval, gaps=found.count, longest=longest)
