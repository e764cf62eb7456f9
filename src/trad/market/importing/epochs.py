"""Times written as numbers since 1970, into datetime64[ms], UTC: whoever imports this loads Arrow."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from trad.errors import CandlesError, DataFileError
from trad.market.arrays import known, view
from trad.market.epoch import NAT, from_fractions, from_integers, in_milliseconds
from trad.market.importing.numbers_text import flags
from trad.market.importing.time_forms import Stamps, truth

EPOCH = r"^[-+]?\d{9,20}(\.\d*)?$"
SCIENTIFIC = r"^[-+]?\d(?:[.,](?P<decimals>\d+))?[eE]\+?(?P<exponent>\d+)$"
_UNIT = "seconds since 1970 are UTC"
_MILLISECONDS = (1e3, 1.0, 1e-3, 1e-6)
"""What a second, a milli-, micro- and nanosecond are; a time in each has about 10, 13, 16 and 19 digits."""
_DOUBTFUL, _TOO_COARSE = 1e4, 1e6


def from_numbers(values: pa.Array) -> Stamps:
    """Read a column of numbers or of typed times.

    Raises:
        DataFileError: They are no times.
    """
    kind = values.type
    if pa.types.is_date(kind):
        values = values.cast(pa.timestamp("ms"))
    if pa.types.is_timestamp(values.type):
        zone = values.type.tz
        times = in_milliseconds(view(values.view(pa.int64()), np.int64(NAT)), values.type.unit)
        told = f"{zone}, stored as UTC" if zone else "not named, taken as UTC"
        return Stamps(times=times, unread=np.zeros(len(times), np.bool_), zone=told)
    try:
        if pa.types.is_integer(kind):
            times = from_integers(view(values.cast(pa.int64(), safe=False), np.int64(NAT)), label="of times")
        elif pa.types.is_floating(kind):
            times = from_fractions(view(values.cast(pa.float64()), np.float64("nan")), label="of times")
        else:
            raise DataFileError(
                f"its column of times holds {kind}; name another one with --columns timestamp=NAME"
            )
    except CandlesError as error:
        raise DataFileError(str(error)) from None
    return Stamps(times=times, unread=np.zeros(len(times), np.bool_), zone=_UNIT)


def from_epochs(text: pa.Array) -> Stamps:
    """Read texts of which most are numbers since 1970, also in scientific notation.

    Raises:
        DataFileError: They are no times, or have lost the digits that tell neighbours apart.
    """
    sound = truth(pc.match_substring_regex(text, EPOCH))
    there = known(text)
    scientific = np.zeros(len(text), np.bool_)
    if not sound[there].all():
        scientific = truth(pc.match_substring_regex(text, SCIENTIFIC))
        sound |= scientific
    unread = there & ~sound
    text = pc.if_else(flags(sound), text, pa.nulls(len(text), text.type))
    whole = not scientific.any() and not truth(pc.match_substring(text, ".")).any()
    try:
        numbers = pc.replace_substring(text, ",", ".") if scientific.any() else text
        numbers = numbers.cast(pa.int64() if whole else pa.float64())
    except pa.ArrowInvalid:
        raise DataFileError(
            "its times are numbers beyond all measure; name the column with --columns timestamp=NAME"
        ) from None
    stamps = from_numbers(numbers)
    if scientific.any():
        _refuse_lost_digits(text, scientific, stamps.times)
    return Stamps(times=stamps.times, unread=unread, zone=_UNIT)


def _refuse_lost_digits(text: pa.Array, scientific: NDArray[np.bool_], times: NDArray[np.datetime64]) -> None:
    """Refuse times such as 1.71E+09, as spreadsheets write them.

    Times that have all their digits are multiples of some interval that is no power of ten; cut off ones
    are multiples of the last digit that was left, and of nothing larger.
    """
    parts = pc.extract_regex(text.filter(flags(scientific)), SCIENTIFIC)
    exponent = view(parts.field("exponent").cast(pa.int64()), np.int64(0))
    decimals = view(pc.utf8_length(parts.field("decimals")).cast(pa.int64()), np.int64(0))
    unit = np.searchsorted((11, 14, 17), exponent, side="right")
    exact = float((10.0 ** (exponent - decimals) * np.take(_MILLISECONDS, unit)).min())
    if exact < _DOUBTFUL:
        return
    steps = np.abs(np.diff(times[scientific].astype(np.int64)))
    together = bool((steps == 0).any())
    if exact >= _TOO_COARSE or together or (len(steps) and float(np.gcd.reduce(steps)) <= exact):
        shown = str(text[int(np.argmax(scientific))].as_py())
        raise DataFileError(
            f"its times, such as {shown!r}, have lost digits: written so, they are exact to "
            f"{exact / 1000:,.0f} seconds only{', and neighbours are one' if together else ''}; write the "
            f"file again, with times as whole numbers or as 2024-01-31 12:00"
        )
