"""Keeps a claimed job while it is made ready: before its trainer runs, nobody else renews the lease."""

from threading import Event, Thread
from types import TracebackType
from typing import Self

from trad.errors import LedgerError, LedgerUnavailable
from trad.storage.transitions import AFTER
from trad.training.job import Claim
from trad.training.ledger import JobLedger


class Keeping:
    """Renews a claim's lease for the time of a block, and does at once what the user asks of the job.

    Reading candles or a strategy may take longer than a lease, or never end. A request ends the attempt
    from here: whoever made the job ready then finds that the claim holds no more (`LeaseLost`).

    Args:
        every: Seconds between two heartbeats.
    """

    def __init__(self, ledger: JobLedger, claim: Claim, every: float) -> None:
        self._ledger = ledger
        self._claim = claim
        self._every = every
        self._over = Event()
        self._thread = Thread(target=self._keep, name="trad-keeping", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _keep(self) -> None:
        while not self._over.wait(self._every):
            try:
                request = self._ledger.heartbeat(self._claim)
                if request is not None:
                    self._ledger.finish(self._claim, AFTER[request])
                    return
            except LedgerUnavailable:
                continue  # it may answer the next time; the trainer says so if it does not
            except LedgerError:
                return  # the lease is lost: whoever made the job ready hears of it at its first write
