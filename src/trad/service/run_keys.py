"""Names of runs: the same for the server and for the process that has the run."""

import json

from trad.strategies.parameters import Params
from trad.training.job import JobSpec


def run_key(spec: JobSpec, params: Params) -> str:
    """Name a run by all that its result depends on."""
    # As text, in which 1, 1.0 and true are three values.
    return json.dumps(
        [
            spec.strategy,
            spec.strategy_code,
            spec.data_hash,
            spec.fee,
            spec.slippage,
            spec.position_size,
            spec.initial_cash,
            spec.terms,
            params,
        ],
        sort_keys=True,
    )
