"""What a client asks for when it makes a job."""

import hashlib
import json
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from trad.backtest.costs import HIGHEST_COST, LARGEST_POSITION
from trad.backtest.terms import Terms
from trad.service.naming import DATA_NAME, STRATEGY_NAME
from trad.service.planning import MOST_EPISODES, TrainRequest
from trad.strategies.parameters import ParameterValue
from trad.training.objective import OBJECTIVES

MOST_PARAMETERS = 64
_MOST_TERMS = 32
_MOST_VALUES = 1_000
_LONGEST_TEXT = 200
_WHOLE = 2**53
_WEEK_SECONDS = 7 * 86_400
_MOST_MEGABYTES = 1_048_576


def _known_objective(name: str) -> str:
    if name not in OBJECTIVES:
        raise ValueError(f"it is one of {', '.join(OBJECTIVES)}")
    return name


Finite = Annotated[float, Field(allow_inf_nan=False)]
Whole = Annotated[int, Field(ge=-_WHOLE, le=_WHOLE)]
Text = Annotated[str, Field(max_length=_LONGEST_TEXT)]
Scalar = bool | Whole | Finite | Text
Name = Annotated[str, Field(min_length=1, max_length=64)]
Objective = Annotated[
    str,
    Field(max_length=64, json_schema_extra={"enum": list(OBJECTIVES)}),
    AfterValidator(_known_objective),
]


class In(BaseModel):
    """What a client sends: every field is known, and of its very type."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class RangeIn(In):
    """A range to search, both ends included."""

    low: Whole | Finite
    high: Whole | Finite
    step: Whole | Finite | None = Field(default=None, description="Null: as the strategy declares it.")


class JobIn(In):
    """A training job to make: the fields of `trad train`."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "strategy": "sma_cross",
                    "data": "sample:minute?candles=10000&seed=1",
                    "optimizer": "bayesian",
                    "episodes": 20,
                    "params": ["fast=5:50", "slow=60:200:10"],
                    "seed": 7,
                }
            ]
        }
    )

    strategy: str = Field(
        pattern=STRATEGY_NAME,
        max_length=130,
        description="A built-in, or a file of the strategies folder without its ending; `NAME:Class` where "
        "it holds several.",
    )
    data: str = Field(
        pattern=DATA_NAME,
        max_length=130,
        description="A dataset of the library, or `sample:NAME` with its settings.",
    )
    optimizer: Literal["random", "grid", "bayesian"] = "bayesian"
    objective: Objective = Field(default="sharpe", description="The metric to maximise.")
    episodes: int | None = Field(
        default=None,
        ge=1,
        le=MOST_EPISODES,
        description="How many configurations to try; null: all for `grid`, else 100.",
    )
    params: (
        Annotated[list[Text], Field(max_length=MOST_PARAMETERS)]
        | Annotated[
            dict[Name, Scalar | Annotated[list[Scalar], Field(max_length=_MOST_VALUES)] | RangeIn],
            Field(max_length=MOST_PARAMETERS),
        ]
    ) = Field(
        default=[],
        description="The search space where it differs from the declared one: texts such as `fast=5:50`, "
        "`slow=60:200:10`, `kind=sma,ema` or `fast=20`; or by name a range, a list of values, or one value.",
    )
    seed: int = Field(default=0, ge=0, lt=2**63, description="Where every random choice comes from.")
    fee: float = Field(
        default=0.001,
        ge=0,
        le=HIGHEST_COST,
        allow_inf_nan=False,
        description="Fraction of the notional, on entry and on exit.",
    )
    slippage: float = Field(
        default=0.0005,
        ge=0,
        le=HIGHEST_COST,
        allow_inf_nan=False,
        description="Fraction by which fills at the open and at stops are worse.",
    )
    position_size: float = Field(
        default=1.0,
        gt=0,
        le=LARGEST_POSITION,
        allow_inf_nan=False,
        description="Fraction of the equity that an entry invests.",
    )
    initial_cash: float = Field(default=10_000.0, gt=0, le=1e15, allow_inf_nan=False)
    terms: (
        Annotated[list[Text], Field(max_length=_MOST_TERMS)]
        | Annotated[dict[Name, Scalar], Field(max_length=_MOST_TERMS)]
    ) = Field(
        default=[],
        description="Terms of trading that differ from the usual ones: texts such as `trailing_stop=0.02` or "
        "`sides=long`, or values by name.",
    )
    episode_timeout: float | None = Field(
        default=None,
        gt=0,
        le=_WEEK_SECONDS,
        allow_inf_nan=False,
        description="Seconds after which an episode is given up.",
    )
    episode_memory: float | None = Field(
        default=None,
        gt=0,
        le=_MOST_MEGABYTES,
        allow_inf_nan=False,
        description="Megabytes that an episode may take.",
    )
    priority: int = Field(default=0, ge=-1_000, le=1_000, description="Higher ones run first.")

    def request(self) -> TrainRequest:
        """Return what is asked, as the planner takes it."""
        return TrainRequest(
            strategy=self.strategy,
            data=self.data,
            optimizer=self.optimizer,
            objective=self.objective,
            episodes=self.episodes,
            seed=self.seed,
            params=self._wishes(),
            fee=self.fee,
            slippage=self.slippage,
            position_size=self.position_size,
            initial_cash=self.initial_cash,
            terms=self._terms(),
            episode_timeout=self.episode_timeout,
            episode_memory=self.episode_memory,
        )

    def _wishes(self) -> list[str] | dict[str, object]:
        if isinstance(self.params, list):
            return self.params
        return {name: _wish(given) for name, given in self.params.items()}

    def _terms(self) -> Terms:
        if isinstance(self.terms, list):
            return Terms.parse(self.terms)
        return Terms.from_json(self.terms)

    def digest(self) -> str:
        """Return the sha256 of what is asked: equal requests have equal ones, however they are written."""
        # Without terms it is what it was before there were any: a key that is still remembered stays good.
        asked = self.model_dump(exclude=None if self.terms else {"terms"})
        plain = json.dumps(asked, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(plain.encode()).hexdigest()


def _wish(given: ParameterValue | list[ParameterValue] | RangeIn) -> object:
    """Say what is searched of a parameter, as `ParameterSpace.of` takes it."""
    if not isinstance(given, RangeIn):
        return given
    ends = (given.low, given.high)
    return ends if given.step is None else (*ends, given.step)
