"""What the server and an inspector's process say to each other: JSON over a socket pair.

To the process: `settings` first, then questions, one at a time: a method's name under `ask`, its arguments
beside it. From it: `ready`, then for each question an `answer`, or an `error` by kind and message.
"""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, is_dataclass
from pathlib import Path
from typing import Any

from trad import errors
from trad.backtest.terms import Terms
from trad.errors import InspectionFailed, TradError
from trad.executors.messages import Message
from trad.market.gaps import Gap, Gaps
from trad.service.inspector import (
    DatasetListing,
    Inspector,
    RecomputedBacktest,
    ScoredParams,
    StrategyListing,
)
from trad.service.inspector_series import CandleBars, EquityPoints
from trad.service.planning import TrainRequest
from trad.service.windows import BacktestWindow, CandleWindow, TradePage, Window
from trad.settings import Settings
from trad.strategies.parameters import Params
from trad.training.job import JobSpec

_RANGE = "range"


def settings_message(settings: Settings) -> Message:
    """Tell a process where things live, and where this process finds modules; no address of a database."""
    return {
        "settings": {"home": str(settings.home), "most_cells": settings.most_cells},
        "path": [str(Path(entry).absolute()) for entry in sys.path],
    }


def read_settings_message(message: Message) -> tuple[Settings, list[str]]:
    """Read what `settings_message` wrote: the settings, and where modules are found."""
    return Settings(**message["settings"]), list(message["path"])


def plan_question(request: TrainRequest) -> Message:
    """Ask for a request's spec."""
    params = request.params
    if isinstance(params, Mapping):
        # JSON knows no tuples: a range would arrive as a list, which is two values to choose from.
        params = {name: {_RANGE: wish} if isinstance(wish, tuple) else wish for name, wish in params.items()}
    return {"ask": "plan", "request": {**asdict(request), "params": params, "terms": request.terms.as_json()}}


def _read_request(fields: dict[str, Any]) -> TrainRequest:
    params = fields["params"]
    if isinstance(params, dict):
        params = {
            name: tuple(wish[_RANGE]) if isinstance(wish, dict) else wish for name, wish in params.items()
        }
    return TrainRequest(**{**fields, "params": params, "terms": Terms.from_json(fields["terms"])})


def backtest_question(spec: JobSpec, params: Params, points: int) -> Message:
    """Ask for a backtest."""
    return {"ask": "backtest", "spec": spec.as_json(), "params": params, "points": points}


def window_question(spec: JobSpec, params: Params, window: Window) -> Message:
    """Ask for a window of a backtest."""
    return {"ask": "backtest_window", "spec": spec.as_json(), "params": params, "window": asdict(window)}


def trades_question(spec: JobSpec, params: Params, start: int, limit: int) -> Message:
    """Ask for some trades of a backtest."""
    run = {"spec": spec.as_json(), "params": params}
    return {"ask": "backtest_trades", **run, "start": start, "limit": limit}


def candles_question(name: str, window: Window) -> Message:
    """Ask for a window of a dataset's candles."""
    return {"ask": "candles", "name": name, "window": asdict(window)}


def importances_question(spec: JobSpec, episodes: Sequence[ScoredParams]) -> Message:
    """Ask for importances."""
    scored = [[episode.params, episode.score] for episode in episodes]
    return {"ask": "importances", "spec": spec.as_json(), "episodes": scored}


def answer_to(question: Message, inspector: Inspector) -> Any:
    """Put a question to an inspector; return the answer as plain data."""
    match question["ask"]:
        case "known_strategies":
            return [asdict(listing) for listing in inspector.known_strategies()]
        case "strategies_in":
            return [asdict(listing) for listing in inspector.strategies_in(question["name"])]
        case "dataset":
            return asdict(inspector.dataset(question["name"]))
        case "candles":
            return _plain(inspector.candles(question["name"], Window(**question["window"])))
        case "gaps":
            return asdict(inspector.gaps(question["name"]))
        case "plan":
            return inspector.plan(_read_request(question["request"])).as_json()
        case "importances":
            scored = [ScoredParams(params=params, score=score) for params, score in question["episodes"]]
            return inspector.importances(JobSpec.from_json(question["spec"]), scored)
        case _:
            return _plain(_about_a_run(question, inspector))


def _plain(answer: Any) -> Any:
    """Return an answer's fields by name; its lists, which may be long, are not copied as `asdict` does."""
    if not is_dataclass(answer):
        return answer
    return {field.name: _plain(getattr(answer, field.name)) for field in fields(answer)}


def _about_a_run(question: Message, inspector: Inspector) -> RecomputedBacktest | BacktestWindow | TradePage:
    spec, params = JobSpec.from_json(question["spec"]), question["params"]
    match question["ask"]:
        case "backtest":
            return inspector.backtest(spec, params, question["points"])
        case "backtest_window":
            return inspector.backtest_window(spec, params, Window(**question["window"]))
        case _:
            return inspector.backtest_trades(spec, params, question["start"], question["limit"])


def read_strategies(answer: list[dict[str, Any]]) -> list[StrategyListing]:
    """Read a list of strategies."""
    return [StrategyListing(**listing) for listing in answer]


def read_dataset(answer: dict[str, Any]) -> DatasetListing:
    """Read a dataset's description."""
    return DatasetListing(**answer)


def read_backtest(answer: dict[str, Any]) -> RecomputedBacktest:
    """Read a backtest."""
    series = {"equity": EquityPoints(**answer["equity"]), "bars": CandleBars(**answer["bars"])}
    return RecomputedBacktest(**{**answer, **series})


def read_candle_window(answer: dict[str, Any]) -> CandleWindow:
    """Read a window of candles."""
    return CandleWindow(**{**answer, "bars": CandleBars(**answer["bars"])})


def read_backtest_window(answer: dict[str, Any]) -> BacktestWindow:
    """Read a window of a backtest."""
    return BacktestWindow(**{**answer, "candles": read_candle_window(answer["candles"])})


def read_trades(answer: dict[str, Any]) -> TradePage:
    """Read some trades of a backtest."""
    return TradePage(**answer)


def read_gaps(answer: dict[str, Any]) -> Gaps:
    """Read the gaps of a dataset."""
    return Gaps(**{**answer, "longest": [Gap(**gap) for gap in answer["longest"]]})


def error_message(error: BaseException) -> Message:
    """Tell of an error: of this program's own tree by its name, of anything else as a failure."""
    kind = type(error).__name__ if isinstance(error, TradError) else InspectionFailed.__name__
    said = str(error) if isinstance(error, TradError) else f"{type(error).__name__}: {error}"
    return {"error": kind, "message": said}


def read_error(message: Message) -> TradError:
    """Make the error again that a process told of."""
    kind = getattr(errors, message["error"], None)
    if isinstance(kind, type) and issubclass(kind, TradError):
        return kind(message["message"])
    return InspectionFailed(message["message"])
