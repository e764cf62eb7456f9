"""What the routes work with: one `ServerState`, made by whoever starts the server."""

from dataclasses import dataclass, field
from importlib.metadata import version as installed
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request

from trad.server.events.hub import EventHub
from trad.server.events.limits import StreamLimits
from trad.server.keys import KeysUnderWay
from trad.server.outlook import Outlook
from trad.service.catalog import Catalog
from trad.service.hints import Hints
from trad.service.inspector import Inspector, RecomputedBacktest
from trad.service.job_importances import JobImportances
from trad.service.recent import Recent
from trad.settings import Settings
from trad.storage.opening import Storage

if TYPE_CHECKING:
    from trad.server.gate import Gate


@dataclass(frozen=True, kw_only=True)
class ServerState:
    """Everything that outlives a request.

    Attributes:
        storage: The database: ledger, browser and register of workers.
        inspector: Looks at strategies and candles, in a process of its own.
        hints: Wakes workers on other machines.
        hub: Where events are published.
        gate: Who may come in; None where nothing guards the routes, as in tests of the routes alone.
        streams: How many event streams are open, and may be.
        outlook: Jobs with what there is to say about them at the moment.
        catalog: The lists of strategies and datasets.
        keys: The idempotency keys of requests under way.
        backtests: Those that were asked for last, by job, number and points.
        importances: Those that were asked for last, by job and recorded episodes.
    """

    settings: Settings
    storage: Storage
    inspector: Inspector
    hints: Hints
    hub: EventHub = field(default_factory=EventHub)
    gate: "Gate | None" = None
    streams: StreamLimits = field(default_factory=StreamLimits)
    version: str = field(default_factory=lambda: installed("trad"))
    outlook: Outlook = field(init=False)
    catalog: Catalog = field(init=False)
    keys: KeysUnderWay = field(default_factory=KeysUnderWay)
    backtests: Recent[tuple[str, int, int], RecomputedBacktest] = field(default_factory=lambda: Recent(16))
    importances: Recent[tuple[str, int], JobImportances] = field(default_factory=lambda: Recent(256))

    def __post_init__(self) -> None:
        object.__setattr__(self, "outlook", Outlook(self.storage))
        object.__setattr__(self, "catalog", Catalog(self.settings, self.inspector))


async def state_of(request: Request) -> ServerState:
    """Return the state of the app that a request came to."""
    state: ServerState = request.app.state.trad
    return state


State = Annotated[ServerState, Depends(state_of)]
"""A route's parameter `state: State` is the server's state."""
