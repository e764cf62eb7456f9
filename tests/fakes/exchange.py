"""An exchange on 127.0.0.1 that speaks as Binance does, and ccxt's own client pointed at it."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import ccxt

HOUR = 3_600_000
START = 1_704_067_200_000  # 2024-01-01


def kline(opened: int) -> list[object]:
    """The one candle of an hour, as Binance writes it."""
    place = opened // HOUR
    open_, close = 104 + place * 7919 % 31 / 8, 104 + place * 104_729 % 29 / 8
    prices = [str(value) for value in (open_, max(open_, close) + 1, 100.0, close, place % 11 / 10)]
    return [opened, *prices, opened + HOUR - 1, "0", 1, "0", "0", "0"]


class FakeExchange:
    """Hourly candles of BTC/USDT, and what goes wrong with them.

    Attributes:
        times: Open times of the candles that there are.
        now: The exchange's time.
        limit: At most so many candles in a page.
        faults: What the next requests for candles get instead: a status, with headers, or seconds of silence.
        early: So many candles from before the time asked for are sent along.
        by_span: A page ends a page's length after the time asked for, however few candles lie there.
        asked: The times that were asked for.
        held_after: After so many pages it is silent, until `let_go` is set.
    """

    def __init__(self, candles: int = 100) -> None:
        self.times = [START + hour * HOUR for hour in range(candles)]
        self.now = START + candles * HOUR
        self.limit = 10
        self.faults: list[tuple[int, dict[str, str]] | float] = []
        self.early = 0
        self.by_span = False
        self.asked: list[int] = []
        self.held_after: int | None = None
        self.let_go = threading.Event()
        self.url = ""

    def klines(self, query: dict[str, list[str]]) -> list[list[object]]:
        since = int(query["startTime"][0])
        self.asked.append(since)
        if self.held_after is not None and len(self.asked) > self.held_after:
            self.let_go.wait(60)
        first = next((place for place, at in enumerate(self.times) if at >= since), len(self.times))
        found = self.times[max(0, first - self.early) : first + self.limit]
        if self.by_span:
            found = [at for at in found if at < since + self.limit * HOUR]
        return [kline(at) for at in found]


class _Handler(BaseHTTPRequestHandler):
    exchange: FakeExchange

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        answer: object
        if parts.path.endswith("/exchangeInfo"):
            answer = {"symbols": [_symbol("BTC"), _symbol("ETH")]}
        elif parts.path.endswith("/time"):
            answer = {"serverTime": self.exchange.now}
        else:
            fault = self.exchange.faults.pop(0) if self.exchange.faults else None
            if isinstance(fault, float):
                time.sleep(fault)
            elif fault is not None:
                self._send(fault[0], fault[1], {"code": -1003, "msg": "Too many requests."})
                return
            answer = self.exchange.klines(parse_qs(parts.query))
        self._send(200, {}, answer)

    def _send(self, status: int, headers: dict[str, str], answer: object) -> None:
        body = json.dumps(answer).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(BrokenPipeError, ConnectionResetError):  # who asked was killed, or lost patience
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the parent's name
        """Say nothing."""


def _symbol(base: str) -> dict[str, object]:
    return {
        "symbol": f"{base}USDT", "status": "TRADING", "baseAsset": base, "quoteAsset": "USDT",
        "baseAssetPrecision": 8, "quotePrecision": 8, "orderTypes": ["LIMIT"], "filters": [],
        "isSpotTradingAllowed": True, "isMarginTradingAllowed": False, "permissions": ["SPOT"],
    }  # fmt: skip


@contextmanager
def serving(exchange: FakeExchange) -> Iterator[FakeExchange]:
    """Serve an exchange on a free port of 127.0.0.1."""
    handler = type("Handler", (_Handler,), {"exchange": exchange})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    exchange.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield exchange
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def local_binance(url: str, limit: int = 10) -> type[ccxt.binance]:
    """Make ccxt's client of Binance, which asks this address and no other."""

    class binance(ccxt.binance):  # type: ignore[misc]
        def __init__(self, config: dict[str, object]) -> None:
            options = {"fetchMarkets": {"types": ["spot"]}, "fetchCurrencies": False, "fetchMargins": False}
            super().__init__({**config, "options": options, "timeout": 400, "rateLimit": 1})
            self.urls["api"] = {name: f"{url}/{name}" for name in self.urls["api"]}
            self.has["fetchCurrencies"] = False

        def feature_value(self, symbol: str, method: str, name: str) -> int:
            return limit

    return binance
