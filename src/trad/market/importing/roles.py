"""Which column is which: by the user's word, by its name, or by what it holds."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from trad.errors import DataFileError
from trad.market.importing.column_names import (
    CLOCKS,
    DATES,
    NAMES,
    OF_VOLUME,
    PRICES,
    QUOTES,
    ROLES,
    SYMBOLS,
    TICKS,
)


def plain(name: str) -> str:
    """Reduce a name to what tells it from others: `<OPEN>` and `Open ` are both `open`."""
    apart = unicodedata.normalize("NFKD", name)
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    # Together again: Korean syllables come apart as well.
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", bare).lower())


def by_user(given: Mapping[str, str], names: Sequence[str], fields: int) -> dict[str, int]:
    """Find the columns that the user named: by their header, or by their number counted from 1.

    Raises:
        DataFileError: A role or a column does not exist.
    """
    found: dict[str, int] = {}
    for role, column in given.items():
        if role not in (*ROLES, "time"):
            raise DataFileError(f"--columns names {role!r}; its roles are {', '.join((*ROLES, 'time'))}")
        matching = [place for place, name in enumerate(names) if name.strip() == column.strip()]
        matching = matching or [
            place for place, name in enumerate(names) if name and plain(name) == plain(column)
        ]
        if not matching and column.strip().isdecimal() and 1 <= int(column) <= fields:
            matching = [int(column) - 1]
        if len(matching) != 1:
            shown = ", ".join(name or "''" for name in names[:12]) or f"the numbers 1 to {fields}"
            raise DataFileError(
                f"--columns says {role}={column}, and there is no one such column among {shown}"
            )
        found["time_of_day" if role == "time" else role] = matching[0]
    return found


def by_name(names: Sequence[str], known: Mapping[str, int]) -> dict[str, int]:
    """Find columns by their names, beside those that are known already.

    Raises:
        DataFileError: One is missing, or two have an equal claim; the message names the flag that helps.
    """
    found = dict(known)
    bare = [plain(name) for name in names]
    for role in ROLES:
        if role not in found and (place := _claimed(role, bare, names, set(found.values()))) is not None:
            found[role] = place
    symbols = [place for place, name in enumerate(bare) if name in SYMBOLS]
    if symbols and symbols[0] not in found.values():
        found["symbol"] = symbols[0]
    ticks = [place for place, name in enumerate(bare) if name in ("tickvol", "tickvolume", "ticks")]
    if ticks and ticks[0] not in found.values() and "volume" in found:
        found["tick_volume"] = ticks[0]
    missing = [role for role in ROLES[:5] if role not in found]
    if missing:
        raise DataFileError(_lacking(missing, names, bare))
    if "time_of_day" not in found and bare[found["timestamp"]] in DATES:
        clocks = [place for place, name in enumerate(bare) if name in CLOCKS and place != found["timestamp"]]
        if clocks:
            found["time_of_day"] = clocks[0]
    return found


def _claimed(role: str, bare: Sequence[str], names: Sequence[str], taken: set[int]) -> int | None:
    claims = []
    for place, name in enumerate(bare):
        if place in taken or not name:
            continue
        rank = _rank(role, name)
        if rank is not None:
            claims.append((rank, place))
    claims.sort()
    if not claims:
        return None
    if len(claims) > 1 and claims[0][0] == claims[1][0] and role != "volume":
        twins = " and ".join(repr(names[place]) for _, place in claims[:2])
        raise DataFileError(
            f"two columns, {twins}, could be the {role}; say which with --columns {role}=NAME"
        )
    return claims[0][1]


def _rank(role: str, name: str) -> float | None:
    known = NAMES[role]
    if role == "volume" and name.startswith(("volume", "vol")):
        # `Volume BTC` counts coins, `Volume USDT` money: units come first.
        of = name.removeprefix("volume").removeprefix("vol")
        if of and of not in ("n", "traded", "from", "to", "base", "en", "ccy", "currency"):
            if of.endswith(QUOTES):
                return 50.0
            return None if of in OF_VOLUME else -1.0
    if name in known:
        return float(known.index(name))
    # `btcusdopen`, `open1h`: a name with something round it, where nothing else fits better.
    if (
        role in PRICES
        and len(name) > 4
        and (name.endswith(role) or name.startswith(role))
        and "adj" not in name
    ):
        return 100.0
    return None


def _lacking(missing: Sequence[str], names: Sequence[str], bare: Sequence[str]) -> str:
    shown = ", ".join(name[:30] or "''" for name in names[:12])
    if "open" in missing and "high" in missing and TICKS & set(bare):
        return (
            f"it holds the columns {shown}, as ticks and quotes do; candles need open, high, low and "
            f"close: gather "
            f"the ticks into candles first"
        )
    return (
        f"it has the columns {shown}, and none for {', '.join(missing)}; say which they are with "
        f"--columns {','.join(f'{role}=NAME' for role in missing)}"
    )
