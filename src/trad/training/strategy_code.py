"""Makes sure that all episodes of a job are run by the same code."""

from pathlib import Path

from trad.errors import ChangedSince, StrategyNotFound
from trad.strategies.loading import identify, load_strategy
from trad.strategies.strategy import Strategy


def load_unchanged(reference: str, code_hash: str, folder: Path | None) -> type[Strategy]:
    """Load a strategy whose source is still what it was when its job was made.

    Args:
        reference: As `load_strategy` takes it.
        code_hash: `JobSpec.strategy_code`.
        folder: The strategies folder; None for none.

    Raises:
        ChangedSince: The source changed, or nothing has the name any more.
        StrategyNotFound: The same source does not load.
    """
    # The hash is taken first: a file that changes in between is one that this process has not loaded yet.
    try:
        found = identify(reference, folder)
    except StrategyNotFound as error:
        missing = str(error).partition("; ")[0]
        raise ChangedSince(
            f"{missing}; put back the one that the job was made with, then resume it"
        ) from error
    if found is None or found.code_hash != code_hash:
        raise ChangedSince(
            f"the strategy {reference} changed since the job was made, so its episodes would not belong "
            f"together; put the old code back, or start a new job with `trad train`"
        )
    return load_strategy(reference, folder)
