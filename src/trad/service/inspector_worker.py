"""The program of an inspector's process: `python -m ... LINK LIFELINE`.

Both arguments are descriptors inherited from the server. The process ends when the server is gone, however it
went: the lifeline, a pipe whose other end nobody else holds, then reads as ended.
"""

import signal

# First of all: Ctrl-C goes to the whole process group, and it is the server that answers it.
signal.signal(signal.SIGINT, signal.SIG_IGN)

import contextlib  # noqa: E402
import os  # noqa: E402
import sys  # noqa: E402
import threading  # noqa: E402
from multiprocessing.connection import Connection  # noqa: E402
from typing import Any  # noqa: E402

from trad.backtest.engine import backtest  # noqa: E402
from trad.errors import TradError  # noqa: E402
from trad.executors import messages  # noqa: E402
from trad.executors.limits import die_with_parent  # noqa: E402
from trad.market.samples import read_sample  # noqa: E402
from trad.service.inspector_direct import DirectInspector  # noqa: E402
from trad.service.inspector_messages import answer_to, error_message, read_settings_message  # noqa: E402
from trad.strategies.built_in import BUILT_IN, load_built_in  # noqa: E402

_WARM = "sample:minute?candles=256"


def main(arguments: list[str]) -> None:
    """Answer questions until the server hangs up."""
    link_fd, lifeline = map(int, arguments)
    die_with_parent()
    threading.Thread(target=_end_with, args=(lifeline,), daemon=True).start()
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        _serve(Connection(link_fd))


def _end_with(lifeline: int) -> None:
    os.read(lifeline, 1)
    os._exit(1)


def _serve(link: "Connection[Any, Any]") -> None:
    settings, path = read_settings_message(messages.receive(link))
    # What a strategy's file imports is found where the server finds it.
    sys.path[:] = path
    _warm_up()
    messages.send(link, {"ready": True})
    inspector = DirectInspector(settings)
    while True:
        reply = _reply(messages.receive(link), inspector)
        try:
            messages.send(link, reply)
        except ValueError as error:  # a number in a strategy's declaration that JSON has no word for
            messages.send(link, error_message(error))


def _reply(question: messages.Message, inspector: DirectInspector) -> messages.Message:
    try:
        return {"answer": answer_to(question, inspector)}
    except TradError as error:
        return error_message(error)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - the edge to the user's code
        return error_message(error)


def _warm_up() -> None:
    """Load the kernels, compiling them where no process of this machine has done so before."""
    backtest(read_sample(_WARM), load_built_in(next(iter(BUILT_IN)))())


if __name__ == "__main__":
    main(sys.argv[1:])
