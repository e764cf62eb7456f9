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
    PARTS,
    PRICES,
    QUOTES,
    ROLES,
    ROW_NUMBERS,
    SYMBOLS,
    TICKS,
    ZONES,
)

_MAY_BE_NAMED = (*ROLES, "time", *PARTS)
_CLOCK = re.compile(r"\d{1,2}:\d{2}(:\d{2}([.,:]\d+)?)?(\s*[AaPp][Mm])?")
_UNIT = re.compile(
    r"[(\uff08](元|股|手|円|株|원|주|usd|eur|gbp|jpy|cny|inr|rs\.?|[$€£¥₹])[)\uff09]\s*$", re.IGNORECASE
)
_ZONE = re.compile(rf"[\W_]({'|'.join(ZONES)})\W*$", re.IGNORECASE)


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
        if role not in _MAY_BE_NAMED:
            raise DataFileError(f"--columns names {role!r}; its roles are {', '.join(_MAY_BE_NAMED)}")
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
        found[{"time": "time_of_day", "year": "timestamp"}.get(role, role)] = matching[0]
    return found


def by_name(names: Sequence[str], known: Mapping[str, int]) -> dict[str, int]:
    """Find columns by their names, beside those that are known already.

    Raises:
        DataFileError: One is missing, or two have an equal claim; the message names the flag that helps.
    """
    found = dict(known)
    bare = [plain(name) for name in names]
    _find_date_parts(found, bare, names)
    for role in ROLES:
        if role not in found and (place := _claimed(role, bare, names, set(found.values()))) is not None:
            found[role] = place
    symbols = [place for place, name in enumerate(bare) if name in SYMBOLS]
    if symbols and symbols[0] not in found.values():
        found["symbol"] = symbols[0]
    ticks = [place for place, name in enumerate(bare) if name in ("tickvol", "tickvolume", "ticks")]
    if ticks and ticks[0] not in found.values() and "volume" in found:
        found["tick_volume"] = ticks[0]
    if "volume" not in found and {"up", "down"} <= set(bare):
        # TradeStation parts the volume by whether the price rose or fell.
        found |= {"volume": bare.index("up"), "volume_down": bare.index("down")}
    missing = [role for role in ROLES[:5] if role not in found]
    if missing:
        raise DataFileError(_lacking(missing, names, bare))
    _find_clock(found, bare, names)
    return found


def with_dates(roles: dict[str, int], names: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, int]:
    """Where a column called a timestamp holds times of day alone, take the one of dates with it."""
    stamp = roles["timestamp"]
    dates = [
        place for place, name in enumerate(names) if plain(name) in DATES and place not in roles.values()
    ]
    clocks = [row[stamp] for row in rows if row[stamp]]
    if not dates or "time_of_day" in roles or not clocks or not all(map(_CLOCK.fullmatch, clocks)):
        return roles
    return roles | {"timestamp": dates[0], "time_of_day": stamp}


def zone_of(name: str) -> str | None:
    """Return the mark of a zone that the name of a column ends in, such as `Time (EET)`."""
    mark = _ZONE.search(name)
    return None if mark is None else mark[1].upper()


def _find_date_parts(found: dict[str, int], bare: Sequence[str], names: Sequence[str]) -> None:
    """Find year, month and day, where no column has them together; the year's becomes the time's."""
    places = {
        part: next((place for place, name in enumerate(bare) if name in PARTS[part]), None)
        for part in ("year", "month", "day")
    }
    if "timestamp" in found or None in places.values():
        return
    apart = {place for place, name in enumerate(bare) if name in CLOCKS | ROW_NUMBERS}
    taken = {place for place in (*places.values(), *found.values()) if place is not None} | apart
    if _claimed("timestamp", bare, names, taken | ({0} if not bare[0] else set())) is None:
        places["timestamp"] = places.pop("year")
        found |= {part: place for part, place in places.items() if place is not None and part not in found}


def _find_clock(found: dict[str, int], bare: Sequence[str], names: Sequence[str]) -> None:
    """Find times of day beside dates, in one column or by hours, minutes and seconds."""
    dated = plain(_ZONE.sub("", names[found["timestamp"]])) in DATES or "month" in found
    if not dated or "time_of_day" in found:
        return
    free = {place for place in range(len(bare)) if place not in found.values()}
    clocks = [place for place in sorted(free) if bare[place] in CLOCKS]
    if clocks and not {"hour", "hour_ending"} & set(found):
        found["time_of_day"] = clocks[0]
        return
    for part in ("hour_ending", "hour", "minute", "second"):
        place = next((place for place in sorted(free) if bare[place] in PARTS[part]), None)
        if place is None or part in found or (part == "hour" and "hour_ending" in found):
            continue
        if part in ("hour", "hour_ending") or {"hour", "hour_ending"} & set(found):
            found[part] = place


def _claimed(role: str, bare: Sequence[str], names: Sequence[str], taken: set[int]) -> int | None:
    claims = []
    for place, name in enumerate(bare):
        if place in taken or not name:
            continue
        rank = _rank(role, name)
        unit = _UNIT.search(names[place])
        # A volume in money is none.
        if rank is None and unit and (role != "volume" or unit[1] in "股手株주"):
            rank = _rank(role, plain(_UNIT.sub("", names[place])))
        if rank is None and role == "timestamp" and _ZONE.search(names[place]):
            rank = _rank(role, plain(_ZONE.sub("", names[place])))
        if rank is not None:
            claims.append((rank, place))
    claims.sort()
    if not claims:
        # pandas writes the times of a frame without a name.
        return 0 if role == "timestamp" and names and not names[0].strip() and 0 not in taken else None
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
