"""What `trad serve` says while it runs."""

import sys
from collections.abc import Sequence
from typing import TextIO

from sqlalchemy import make_url

from trad.cli.edges import forget
from trad.server.gate import LINK_MINUTES, Gate, login_link
from trad.server.listening import Listener
from trad.server.serving import WorkerPlan
from trad.service.starting import checked_workers
from trad.service.visible import visible
from trad.settings import Settings


class Report:
    """Writes to the terminal: stdout has what runs and the link, stderr has warnings."""

    def __init__(
        self, settings: Settings, listener: Listener, gate: Gate, plan: WorkerPlan, names: Sequence[str]
    ) -> None:
        self._settings = settings
        self._listener = listener
        self._gate = gate
        self._plan = plan
        self._names = names

    def ready(self) -> None:
        """Say what runs, where its data lies, and how to get in."""
        for warning in self._warnings():
            _write(sys.stderr, f"warning: {warning}")
        url = self._listener.url
        _write(sys.stdout, f"Trad serves {url}")
        _write(sys.stdout, f"  log in   {login_link(url, self._gate.new_code())}")
        _write(sys.stdout, f"           once, within {LINK_MINUTES} minutes; a new link: trad serve --link")
        _write(sys.stdout, f"  data     {self._settings.home}")
        if self._settings.database_url is not None:
            _write(sys.stdout, f"  database {_shown(self._settings.database_url)}")
        if self._settings.redis_url is not None:
            _write(sys.stdout, f"  hints    {_shown(self._settings.redis_url)}")
        _write(sys.stdout, f"  workers  {self._workers()}")
        _write(sys.stdout, "  stop     Ctrl-C")

    def _workers(self) -> str:
        if not self._plan.count:
            return "none; start one on any machine that reaches the database: trad worker"
        processes = self._plan.processes or checked_workers(None)
        return f"{self._plan.count}, with {processes} episode{'s' if processes > 1 else ''} at once"

    def _warnings(self) -> list[str]:
        listener = self._listener
        if listener.is_loopback:
            return []
        found = []
        if not listener.secure:
            found.append(
                f"other machines reach {listener.address}, and without TLS others on the way can read the "
                f"token and all data; give --tls-cert and --tls-key, or let a proxy with TLS stand before it"
            )
        if listener.is_wildcard and not self._names:
            found.append(
                "browsers are answered under this machine's loopback names alone; say with --allow-host NAME "
                "under which name or address others reach it"
            )
        return found

    def trouble(self, sentence: str) -> None:
        """Say what happened to a worker."""
        _write(sys.stderr, f"warning: {sentence}")

    def stopping(self) -> None:
        """Say that the end has begun: workers take a moment to hand back their jobs."""
        if self._plan.count:
            _write(sys.stderr, "stopping; jobs go back to the queue")


def _shown(url: str) -> str:
    return make_url(url).render_as_string(hide_password=True)


def _write(stream: TextIO, line: str) -> None:
    try:
        stream.write(visible(line) + "\n")
        stream.flush()
    except BrokenPipeError:  # `trad serve | head`: the service goes on, though nobody reads of it
        forget(stream)
