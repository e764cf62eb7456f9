"""The strategies that come with Trad, by name."""

import hashlib
from importlib import import_module
from pathlib import Path

from trad.strategies.strategy import Strategy

BUILT_IN: dict[str, str] = {
    "liquidity_sweep": "LiquiditySweep",
    "sma_cross": "SmaCross",
    "donchian_breakout": "DonchianBreakout",
    "rsi_reversion": "RsiReversion",
    "bollinger_reversion": "BollingerReversion",
}
"""Class by name; the name is also that of its module beside this one."""

_ROOM = "trad.strategies"


def load_built_in(name: str) -> type[Strategy]:
    """Import a built-in strategy's own module, and no other's."""
    cls: type[Strategy] = getattr(import_module(f"{_ROOM}.{name}"), BUILT_IN[name])
    return cls


def name_of_built_in(cls: type[Strategy]) -> str | None:
    """Return the name of a built-in strategy; None for any other."""
    room, _, name = cls.__module__.rpartition(".")
    return name if room == _ROOM and BUILT_IN.get(name) == cls.__name__ else None


def built_in_hash(name: str) -> str:
    """Return the sha256 of a built-in strategy's source, its own kernels included."""
    folder = Path(__file__).parent
    digest = hashlib.sha256((folder / f"{name}.py").read_bytes())
    kernels = folder / f"{name}_nb.py"
    if kernels.exists():
        digest.update(kernels.read_bytes())
    return digest.hexdigest()
