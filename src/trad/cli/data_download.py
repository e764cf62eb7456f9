"""`trad data download`: candles from an exchange."""

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from trad.cli.options import AsJson, Quiet

if TYPE_CHECKING:
    from trad.market.download import Downloaded


def download(
    exchange: Annotated[
        str, typer.Argument(metavar="EXCHANGE", help="As ccxt calls it: binance.", show_default=False)
    ],
    symbol: Annotated[str, typer.Argument(metavar="SYMBOL", help="Such as BTC/USDT.", show_default=False)],
    interval: Annotated[str, typer.Argument(metavar="INTERVAL", help="Such as 1h.", show_default=False)],
    since: Annotated[
        str, typer.Option(metavar="DATE", help="The first day: 2020-01-31, UTC.", show_default=False)
    ],
    until: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Up to before this day [default: up to now].", show_default=False),
    ] = None,
    name: Annotated[
        str | None, typer.Option(help="Of the dataset [default: made of all three].", show_default=False)
    ] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Fetch candles into the library, after those that are there; stopped, it goes on where it was."""
    from trad.cli.download_progress import showing
    from trad.cli.edges import interruptible
    from trad.errors import InputError
    from trad.market.download import download as fetch
    from trad.market.exchange import CcxtPages
    from trad.market.library_folder import checked_name
    from trad.settings import read_settings

    settings = read_settings()
    start, stop = _moment("--since", since), None if until is None else _moment("--until", until)
    if stop is not None and stop <= start:
        raise InputError(f"--until was {until}, which is not after --since {since}; give a later day")
    dataset = checked_name(name or _name(exchange, symbol, interval))
    with interruptible(), CcxtPages(exchange, symbol, interval) as pages:
        try:
            with showing(f"{pages.source} into {dataset}", quiet=quiet) as report:
                done = fetch(pages, dataset, since=start, until=stop, settings=settings, report=report)
        except KeyboardInterrupt:
            typer.echo("stopped; the same command goes on from here", err=True)
            raise
    _tell(done, as_json=as_json)


def _tell(done: "Downloaded", *, as_json: bool) -> None:
    span = {"first": _written(done.first), "last": _written(done.last)}
    if as_json:
        document = {"name": done.name, "new": done.new, "candles": done.candles, **span, "gaps": done.gaps}
        typer.echo(json.dumps(document, indent=2))
        return
    what = f"{done.new:,} new candles, {done.candles:,} in all"
    typer.echo(f"{done.name}: {what}, {span['first']} to {span['last']}, {done.gaps:,} gaps")
    if done.later:
        typer.echo(
            f"note: it begins at {span['first']}, later than asked for: the exchange has none earlier, or "
            f"the dataset was begun there (under another --name, it begins anew)",
            err=True,
        )


def _moment(option: str, text: str) -> int:
    """Read a day, or a time of it, as milliseconds since 1970; UTC without a zone."""
    from trad.errors import InputError

    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(f"{option} was {text[:40]!r}; give a day such as 2020-01-31") from None
    if found.tzinfo is None:
        found = found.replace(tzinfo=UTC)
    if found < datetime(1970, 1, 1, tzinfo=UTC):
        raise InputError(f"{option} was {text}; give a day from 1970 on")
    return int(found.timestamp() * 1000)


def _name(exchange: str, symbol: str, interval: str) -> str:
    written = f"{exchange}-{symbol.lower().replace('/', '')}-{interval}"
    return re.sub(r"[^A-Za-z0-9]+", "-", written).strip("-")


def _written(milliseconds: int) -> str:
    return f"{datetime.fromtimestamp(milliseconds / 1000, UTC):%Y-%m-%dT%H:%M:%SZ}"
