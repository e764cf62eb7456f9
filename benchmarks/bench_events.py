"""What the event stream bears: many clients, some of which never read, and jobs that move at each look."""

import asyncio
import json
import socket
import statistics
import subprocess
import sys
import threading
import time
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from typing import IO, Any

import psutil
from benchmarks.timing import machine
from tests.fakes.event_servers import EventServer
from tests.unit.server.events.looks import ScriptedBrowser, running

from trad.progress import RunningEpisode
from trad.server.events.feed import EventFeed
from trad.server.events.hub import Event, EventHub
from trad.server.events.limits import StreamLimits
from trad.server.outlook import Surroundings
from trad.training.browsing import Changes

SLOWEST_MS, MOST_MEGABYTES = 250.0, 50.0
"""The goals: the 99th percentile of delivery, and how much the server's memory may grow."""


@dataclass(frozen=True, kw_only=True)
class Load:
    """What is asked of the server; `clients` counts those that never read too."""

    clients: int = 300
    dead: int = 30
    jobs: int = 20
    seconds: float = 60.0

    def shares(self) -> list[tuple[int, int]]:
        """Share the clients out to two processes: how many read, and how many do not."""
        lively, half, silent = self.clients - self.dead, (self.clients - self.dead) // 2, self.dead // 2
        return [(half, silent), (lively - half, self.dead - silent)]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What it did: times in milliseconds, from publishing to a client in another process.

    Attributes:
        deliveries: How often a batch of changes reached a client.
        missing, resets: Events that a client should have had, and gaps that one was told of.
        growth: Megabytes that the server's memory grew by at most, from before the first client came.
        busy: The server's share of one core.
    """

    deliveries: int
    median: float
    p99: float
    slowest: float
    missing: int
    resets: int
    megabytes_sent: float
    growth: float
    busy: float


class MovingJobs(ScriptedBrowser):
    """Rows of running jobs, each a little further at each look."""

    def __init__(self, jobs: int) -> None:
        super().__init__(*(running(id=f"job{n:013}") for n in range(jobs)))

    def changes(self, since: float | None) -> Changes:
        at = self.looks
        self.rows = [
            replace(
                job,
                progress=min(99.0, at / 100),
                candles_processed=at,
                heartbeat_at=self.now,
                lease_until=self.now + 3,
                running=tuple(_episode(number, at) for number in (1, 2)),
            )
            for job in self.rows
        ]
        return super().changes(since)


def _episode(number: int, at: int) -> RunningEpisode:
    return RunningEpisode(
        number=number,
        worker=f"host:4711 worker {number}",
        stage="signal_generation",
        candles_processed=at,
        total_candles=1_000_000,
        fraction=at / 2_000_000,
        age_seconds=at / 4,
    )


class StampedHub(EventHub):
    """A hub that notes when it was given what."""

    def __init__(self) -> None:
        super().__init__()
        self.stamps: list[tuple[int, float]] = []

    def publish(self, events: Sequence[Event], standing: Mapping[str, str] | None = None) -> None:
        now = time.monotonic()
        super().publish(events, standing)
        if events:
            self.stamps.append((self.standing().number, now))


def serve(load: Load) -> None:
    """Run the server until stdin ends; then tell when each batch was published."""
    hub, began = StampedHub(), time.monotonic()

    def surroundings() -> Surroundings:
        return Surroundings(ahead=0.0, workers=(), ailment=None, taken_at=began)

    limits = StreamLimits(per_session=load.clients, in_total=load.clients)
    feed = EventFeed(MovingJobs(load.jobs), surroundings, hub)
    with EventServer(hub, limits=limits) as server, feed:
        print(server.port, flush=True)
        sys.stdin.read()
    print(json.dumps(hub.stamps), flush=True)


class Listener(asyncio.Protocol):
    """A client that notes when which event has come; cheap, so that hundreds fit into a process."""

    def __init__(self, port: int) -> None:
        self._request = f"GET /api/events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()
        self._rest = b""
        self.numbers, self.times = array("q"), array("d")
        self.ids = self.resets = self.bytes = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        now = time.monotonic()
        self.bytes += len(data)
        whole, newline, rest = (self._rest + data).rpartition(b"\n")
        self._rest = newline + rest
        self.ids += whole.count(b"\nid: ")
        self.resets += whole.count(b"event: reset")
        at = whole.rfind(b"\nid: ")
        if at >= 0:
            self.numbers.append(int(whole[at:].split(b"\n", 2)[1].rpartition(b"-")[2]))
            self.times.append(now)


def listen(port: int, lively: int, dead: int, seconds: float) -> None:
    """Open the streams, say so, and tell what came in the time from then on."""
    with ExitStack() as open_sockets:
        for _ in range(dead):
            never_read = open_sockets.enter_context(socket.create_connection(("127.0.0.1", port)))
            never_read.sendall(f"GET /api/events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
        print(json.dumps(asyncio.run(_listen(port, lively, seconds))), flush=True)


async def _listen(port: int, lively: int, seconds: float) -> list[dict[str, Any]]:
    loop = asyncio.get_running_loop()
    listeners = [Listener(port) for _ in range(lively)]
    transports = [
        (await loop.create_connection(lambda each=each: each, "127.0.0.1", port))[0]  # type: ignore[misc]
        for each in listeners
    ]
    while not all(each.numbers for each in listeners):
        await asyncio.sleep(0.05)
    print(time.monotonic(), flush=True)
    await asyncio.sleep(seconds)
    for transport in transports:
        transport.abort()
    return [
        {
            "numbers": each.numbers.tolist(),
            "times": each.times.tolist(),
            "ids": each.ids,
            "resets": each.resets,
            "bytes": each.bytes,
        }
        for each in listeners
    ]


@contextmanager
def _role(*words: object) -> Iterator[tuple[subprocess.Popen[str], IO[str], IO[str]]]:
    command = [sys.executable, "-m", "benchmarks.bench_events", *map(str, words)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield process, process.stdin, process.stdout
        finally:
            process.stdin.close()
            process.wait(60)


@contextmanager
def _watched(process: psutil.Process) -> Iterator[list[int]]:
    """Take a process's memory four times a second, in bytes, while a block runs."""
    taken, over = [process.memory_info().rss], threading.Event()

    def look() -> None:
        while not over.wait(0.25):
            taken.append(process.memory_info().rss)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield taken
    finally:
        over.set()
        thread.join()


def measure(load: Load) -> Outcome:
    """Run the server and its clients in processes of their own, and put together what they saw."""
    with _role("serve", json.dumps(asdict(load))) as (process, orders, answers), ExitStack() as stack:
        port = int(answers.readline())
        time.sleep(2.0)  # what it needs anyway is there before the first client comes
        server = psutil.Process(process.pid)
        memory = stack.enter_context(_watched(server))
        clients = [
            stack.enter_context(_role("listen", port, lively, dead, load.seconds))
            for lively, dead in load.shares()
        ]
        began = max(float(answer.readline()) for _, _, answer in clients)
        busy_before = sum(server.cpu_times()[:2])
        seen = [each for _, _, answer in clients for each in json.loads(answer.readline())]
        busy = (sum(server.cpu_times()[:2]) - busy_before) / load.seconds
        orders.close()
        stamps: list[tuple[int, float]] = json.loads(answers.read())
    return _outcome(seen, stamps, began, (max(memory) - memory[0]) / 2**20, busy)


def _outcome(
    seen: list[dict[str, Any]], stamps: list[tuple[int, float]], began: float, growth: float, busy: float
) -> Outcome:
    numbers = [number for number, _ in stamps]
    taken: list[float] = []
    missing = 0
    for client in seen:
        missing += client["numbers"][-1] - client["numbers"][0] + 1 - client["ids"]
        told = bisect_right(numbers, client["numbers"][0])
        for number, at in zip(client["numbers"], client["times"], strict=True):
            upto = bisect_right(numbers, number)
            taken += [1000 * (at - stamp) for _, stamp in stamps[told:upto] if stamp >= began]
            told = upto
    return Outcome(
        deliveries=len(taken),
        median=statistics.median(taken),
        p99=statistics.quantiles(taken, n=100)[98],
        slowest=max(taken),
        missing=missing,
        resets=sum(client["resets"] for client in seen),
        megabytes_sent=sum(client["bytes"] for client in seen) / 1e6,
        growth=growth,
        busy=busy,
    )


def main() -> None:
    """Print what each load did."""
    print(f"from publishing an event to a client in another process ({machine()})")
    print(f"goals: p99 below {SLOWEST_MS:.0f} ms, memory grows by less than {MOST_MEGABYTES:.0f} MB\n")
    for load in (Load(clients=60, dead=6, seconds=10.0), Load()):
        print(
            f"{load.clients} clients, {load.dead} never read, {load.jobs} jobs, {load.seconds:.0f} s: ",
            end="",
        )
        print(report(measure(load)), flush=True)


def report(seen: Outcome) -> str:
    """Write an outcome in a line."""
    return (
        f"{seen.deliveries:,} deliveries, median {seen.median:.0f} ms, p99 {seen.p99:.0f} ms, "
        f"slowest {seen.slowest:.0f} ms, {seen.missing} missing, {seen.resets} resets, "
        f"{seen.megabytes_sent:,.0f} MB sent, memory +{seen.growth:.0f} MB, {100 * seen.busy:.0f} % of a core"
    )


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["serve", load]:
            serve(Load(**json.loads(load)))
        case ["listen", port, lively, dead, seconds]:
            listen(int(port), int(lively), int(dead), float(seconds))
        case _:
            main()
