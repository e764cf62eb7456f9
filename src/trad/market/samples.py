"""Candles that come with Trad: `sample:aapl-1d` is real, `sample:minute` is made up and says so."""

from pathlib import Path
from urllib.parse import parse_qsl

from trad.errors import InputError
from trad.market.candles import Candles
from trad.market.files import read_candles
from trad.market.synthetic import minute_market

PREFIX = "sample:"

FEWEST_CANDLES, MOST_CANDLES = 2, 20_000_000
DEFAULT_CANDLES, DEFAULT_SEED = 100_000, 1
MOST_SEED = 2**63 - 1

_DATA = Path(__file__).parent / "data"
_REAL = ("aapl-1d",)
_SYNTHETIC = "minute"


def sample_names() -> tuple[str, ...]:
    """List the samples, as they are written after `sample:`."""
    return (*_REAL, _SYNTHETIC)


def read_sample(reference: str, *, most_candles: int = MOST_CANDLES) -> Candles:
    """Read or make a sample.

    Args:
        reference: `sample:aapl-1d`, a real daily series; or `sample:minute`, a synthetic market of
            one-minute candles (see `trad.market.synthetic.minute_market`), which takes
            `?candles=1000000&seed=3`; without them it has 100,000 candles of seed 1.
        most_candles: How many may be asked for.

    Raises:
        InputError: There is no such sample, or a setting of it is unknown or out of range.
    """
    name, _, query = reference.removeprefix(PREFIX).partition("?")
    if name not in sample_names():
        raise InputError(f"there is no sample {name!r}; there are {', '.join(sample_names())}")
    settings = _settings(reference, query, known=("candles", "seed") if name == _SYNTHETIC else ())
    if name in _REAL:
        return read_candles(_DATA / f"{name}.parquet", name=name)
    count = settings.get("candles", DEFAULT_CANDLES)
    seed = settings.get("seed", DEFAULT_SEED)
    _refuse_outside(reference, "candles", count, FEWEST_CANDLES, min(most_candles, MOST_CANDLES))
    _refuse_outside(reference, "seed", seed, 0, MOST_SEED)
    timestamp, columns = minute_market(count, seed)
    grown = "" if seed == DEFAULT_SEED else f", seed {seed}"
    return Candles.trusted(
        timestamp, columns, name=f"minute (synthetic, {count:,} candles{grown})", synthetic=True
    )


def _settings(reference: str, query: str, known: tuple[str, ...]) -> dict[str, int]:
    try:
        pairs = parse_qsl(query, strict_parsing=bool(query), keep_blank_values=True)
    except ValueError:
        raise InputError(
            f"{reference} cannot be read; write it like sample:minute?candles=100000&seed=1"
        ) from None
    settings: dict[str, int] = {}
    for key, value in pairs:
        if key not in known or key in settings:
            takes = f"it takes {' and '.join(known)}, each once" if known else "it takes no settings"
            raise InputError(f"{reference} has the setting {key!r}; {takes}")
        try:
            settings[key] = int(value)
        except ValueError:
            raise InputError(f"{reference} has {key}={value[:40]}; {key} is a whole number") from None
    return settings


def _refuse_outside(reference: str, key: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise InputError(f"{reference[:80]} has {key}={value}; {key} runs from {low:,} to {high:,}")
