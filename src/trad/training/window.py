"""Tells an optimizer exactly what each proposal may depend on."""

from trad.optimizers.optimizer import Optimizer
from trad.strategies.parameters import Params


class ResultWindow:
    """Holds results back until the proposal that may see them is made.

    An optimizer with a window of 8 proposes episode 20 from the results of 1 to 12, told in that order,
    even where 13 to 19 have ended: so it proposes the same on one worker as on four.
    """

    def __init__(self, optimizer: Optimizer) -> None:
        self._optimizer = optimizer
        self._told = 0
        self._held: dict[int, tuple[Params, float | None]] = {}

    def take(self, number: int, params: Params, score: float | None) -> None:
        """Keep the result of an ended episode, in whatever order they end."""
        if self._optimizer.window is not None:
            self._held[number] = (params, score)

    def open_for(self, number: int) -> bool:
        """Say whether every result that the proposal depends on is there."""
        window = self._optimizer.window
        if window is None:
            return True
        return all(k in self._held for k in range(self._told + 1, number - window + 1))

    def propose(self, number: int) -> Params:
        """Tell what the proposal may depend on, and ask for it. Numbers only rise."""
        window = self._optimizer.window
        if window is not None:
            for k in range(self._told + 1, number - window + 1):
                params, score = self._held.pop(k)
                self._optimizer.tell(k, params, score)
                self._told = k
        return self._optimizer.propose(number)
