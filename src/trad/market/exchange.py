"""Candles from an exchange, a page at a time, through ccxt."""

import random
import time
from collections.abc import Callable
from contextlib import suppress
from difflib import get_close_matches
from typing import Any, Protocol, Self, TypeVar

from trad.errors import ExchangeFailed, InputError

Row = list[float | None]
"""Open time in milliseconds since 1970, open, high, low, close, volume; None where the exchange has none."""

Answer = TypeVar("Answer")

MOST_TRIES = 8
LONGEST_PAUSE = 60.0
"""Seconds between two tries; an exchange that asks for a longer pause gets it, up to `LONGEST_ASKED`."""
LONGEST_ASKED = 600.0

_SAFE_LIMIT = 100
"""Candles of a page where ccxt does not know the most; after an empty page so many are passed over."""


class CandlePages(Protocol):
    """The candles of one symbol and interval, as an exchange hands them out."""

    @property
    def source(self) -> str:
        """What they are, for people: `binance BTC/USDT 1h`."""
        ...

    @property
    def symbol(self) -> str:
        """The symbol as the exchange writes it."""
        ...

    @property
    def interval(self) -> int:
        """Milliseconds from one candle to the next."""
        ...

    @property
    def limit(self) -> int:
        """At most so many candles are in a page."""
        ...

    def now(self) -> int:
        """Return the exchange's time, milliseconds since 1970.

        Raises:
            ExchangeFailed: It does not answer.
        """
        ...

    def page(self, since: int) -> list[Row]:
        """Return candles from a time on, the unfinished one perhaps among them.

        They may come in any order, twice, or begin later; a page may be empty though later ones are not.

        Raises:
            ExchangeFailed: It does not answer, or refuses.
        """
        ...


class CcxtPages:
    """The candles of a symbol, fetched by ccxt at the exchange's own pace; tried again while it is busy.

    Args:
        exchange, symbol, interval: As ccxt writes them: `binance`, `BTC/USDT`, `1h`.
        pause: Waits for some seconds between two tries.

    Raises:
        InputError: ccxt is not installed; or there is no such exchange, symbol or interval: the message
            has the closest.
        ExchangeFailed: The exchange does not answer.
    """

    def __init__(
        self, exchange: str, symbol: str, interval: str, *, pause: Callable[[float], None] = time.sleep
    ) -> None:
        self._ccxt = _ccxt()
        self._pause = pause
        self._client = self._opened(exchange)
        try:
            self._markets = self._asked(self._client.load_markets)
            self.symbol = self._known_symbol(symbol)
            self._timeframe = self._known_interval(interval)
        except BaseException:
            self.close()
            raise
        self.interval = int(self._client.parse_timeframe(interval)) * 1000
        self.source = f"{exchange} {self.symbol} {interval}"
        self.limit = self._most()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        session = getattr(self._client, "session", None)
        if session is not None:
            session.close()

    def now(self) -> int:
        """Return the exchange's time; the machine's where the exchange tells none."""
        if self._client.has.get("fetchTime"):
            told = self._asked(self._client.fetch_time)
            if told is not None:
                return int(told)
        return int(time.time() * 1000)

    def page(self, since: int) -> list[Row]:
        """Return candles from a time on."""
        # Not `paginate=True`, which returns nothing for an old `since` without an `until`.
        found: list[Row] = self._asked(
            lambda: self._client.fetch_ohlcv(self.symbol, self._timeframe, since, self.limit)
        )
        return found

    def _opened(self, exchange: str) -> Any:
        known = self._ccxt.exchanges
        if exchange not in known:
            raise InputError(f"there is no exchange {exchange[:40]!r}{_hint(exchange.lower(), known)}")
        client = getattr(self._ccxt, exchange)({"enableRateLimit": True})
        if client.has.get("fetchOHLCV") is not True:
            raise InputError(f"{exchange} hands out no candles; choose another exchange")
        return client

    def _known_symbol(self, symbol: str) -> str:
        for written in (symbol, symbol.upper()):
            if written in self._markets:
                return written
        hint = _hint(symbol.upper(), list(self._markets))
        raise InputError(f"{self._client.id} has no symbol {symbol[:40]!r}{hint}")

    def _known_interval(self, interval: str) -> str:
        known = [name for name in self._client.timeframes or {} if not name.endswith(("M", "y", "Y"))]
        if interval not in known:
            raise InputError(
                f"{self._client.id} has no candles of {interval[:40]!r}{_hint(interval, known)}; it has "
                f"{', '.join(known)}"
            )
        return interval

    def _most(self) -> int:
        with suppress(KeyError, TypeError, ValueError, AttributeError):  # what ccxt knows differs by exchange
            return int(self._client.feature_value(self.symbol, "fetchOHLCV", "limit"))
        return _SAFE_LIMIT

    def _asked(self, ask: Callable[[], Answer]) -> Answer:
        """Ask, and ask again after growing pauses while the exchange is busy or does not answer."""
        for attempt in range(MOST_TRIES):
            try:
                return ask()
            except self._ccxt.NetworkError as error:
                if attempt == MOST_TRIES - 1:
                    raise ExchangeFailed(
                        f"{self._client.id} does not answer ({_short(error)}), {MOST_TRIES} times in a row; "
                        f"run the same command later, and it goes on where it stopped"
                    ) from None
                self._pause(max(_backoff(attempt), self._asked_for()))
            except self._ccxt.BaseError as error:
                raise ExchangeFailed(f"{self._client.id} refused: {_short(error)}") from None
        raise AssertionError  # the last try returned or raised

    def _asked_for(self) -> float:
        """Return the seconds that the exchange itself asked to wait."""
        headers = {name.lower(): text for name, text in (self._client.last_response_headers or {}).items()}
        with suppress(ValueError):  # a date instead of seconds
            return min(LONGEST_ASKED, float(headers.get("retry-after", 0)))
        return 0.0


def _ccxt() -> Any:
    try:
        import ccxt  # comes with an extra, and takes half a second to load
    except ImportError:
        raise InputError(
            "downloading needs the library ccxt; install it with `pip install 'trad[exchanges]'`"
        ) from None
    return ccxt


def _hint(written: str, known: list[str]) -> str:
    close = get_close_matches(written, known, n=3)
    return f"; did you mean {' or '.join(close)}?" if close else ""


def _backoff(attempt: int) -> float:
    spread = random.uniform(0.75, 1.25)  # noqa: S311 - so that several programs do not ask in step
    return min(LONGEST_PAUSE, 2.0**attempt) * spread


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
