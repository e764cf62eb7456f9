import hashlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from trad.market.files import read_candles
from trad.progress import StageReporter
from trad.strategies import built_in
from trad.strategies.built_in import BUILT_IN, built_in_hash, load_built_in, name_of_built_in
from trad.strategies.generation import generate


@pytest.mark.parametrize("name", BUILT_IN)
class TestEveryBuiltIn:
    def test_is_found_by_its_name_and_knows_it(self, name: str) -> None:
        assert name_of_built_in(load_built_in(name)) == name

    def test_says_its_idea_its_rules_and_its_parameters(self, name: str) -> None:
        cls = load_built_in(name)
        doc = cls.__doc__ or ""
        idea = doc.partition("\n")[0]
        assert idea.endswith(".")
        assert "Rules:" in doc
        parameters = doc.partition("Parameters:")[2]
        for parameter in cls.parameters:
            assert f"{parameter}:" in parameters

    def test_is_valid_as_declared(self, name: str) -> None:
        assert load_built_in(name)().valid()

    def test_trades_both_sides_of_real_candles(self, name: str, shared_data: Path) -> None:
        candles = read_candles(shared_data / "btcusdt-1h.parquet")
        signals = generate(load_built_in(name)(), candles, StageReporter(len(candles)))
        assert np.count_nonzero(signals.entry == 1) > 10
        assert np.count_nonzero(signals.entry == -1) > 10

    def test_loads_no_other_and_no_heavy_library(self, name: str) -> None:
        others = {f"trad.strategies.{other}" for other in BUILT_IN if other != name}
        code = (
            "import sys\n"
            "from trad.strategies.built_in import load_built_in\n"
            f"load_built_in({name!r})()\n"
            f"print(*({others | {'talib', 'pandas', 'numba', 'pyarrow'}} & set(sys.modules)))\n"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert done.stdout.split() == []

    def test_its_hash_covers_its_kernels(self, name: str) -> None:
        folder = Path(built_in.__file__).parent
        sources = [path for path in (folder / f"{name}.py", folder / f"{name}_nb.py") if path.exists()]
        assert (
            built_in_hash(name) == hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
        )


def test_kernel_strategies_run_without_pandas_and_talib() -> None:
    code = (
        "import sys, numpy as np\n"
        "from trad.market.candles import Candles\n"
        "from trad.progress import StageReporter\n"
        "from trad.strategies.built_in import load_built_in\n"
        "from trad.strategies.generation import generate\n"
        "ones = np.ones(500)\n"
        "stamps = np.arange(500) + np.datetime64('2024-01-01', 'ms')\n"
        "candles = Candles(stamps, ones, ones, ones, ones, ones)\n"
        "for name in ('sma_cross', 'liquidity_sweep', 'donchian_breakout'):\n"
        "    generate(load_built_in(name)(), candles, StageReporter(500))\n"
        "sys.exit(bool({'pandas', 'talib'} & set(sys.modules)))\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_subclass_is_not_built_in() -> None:
    class SmaCross(load_built_in("sma_cross")):  # type: ignore[misc]
        pass

    assert name_of_built_in(SmaCross) is None
