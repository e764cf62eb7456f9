"""Opening everything that is kept in one database."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Engine

from trad.storage.browser import SqlBrowser
from trad.storage.database import open_database
from trad.storage.ledger import SqlLedger
from trad.storage.memory import MemoryLedger
from trad.storage.memory_browser import MemoryBrowser
from trad.storage.memory_register import MemoryWorkerRegister
from trad.storage.probe import ailment_of
from trad.storage.register import SqlWorkerRegister
from trad.training.browsing import JobBrowser
from trad.training.ledger import JobLedger
from trad.training.workers import WorkerRegister


@dataclass(frozen=True, kw_only=True)
class Storage:
    """The jobs, how they are looked at, and the workers; usable from any thread.

    Attributes:
        engine: The database they share; None: they are in memory.
    """

    ledger: JobLedger
    browser: JobBrowser
    register: WorkerRegister
    engine: Engine | None = field(default=None, repr=False)

    def ailment(self) -> str | None:
        """Try whether the database can be written now: None, or a sentence that says why not.

        Waits a second for a lock that somebody holds; writes nothing.
        """
        return None if self.engine is None else ailment_of(self.engine)


@contextmanager
def open_storage(url: str) -> Iterator[Storage]:
    """Open the database at `url` for the time of a block, see `open_database`."""
    engine = open_database(url)
    try:
        yield Storage(
            ledger=SqlLedger(engine),
            browser=SqlBrowser(engine),
            register=SqlWorkerRegister(engine),
            engine=engine,
        )
    finally:
        engine.dispose()


def storage_in_memory() -> Storage:
    """Make a storage that lives and ends with this process."""
    ledger = MemoryLedger()
    return Storage(ledger=ledger, browser=MemoryBrowser(ledger.kept), register=MemoryWorkerRegister())
