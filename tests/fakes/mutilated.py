"""Files of candles, broken in a thousand ways: the same ones for the same seed."""

import gzip
import io
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from tests.unit.market.importing.test_dialects import DIALECTS

_ODD = (
    *(
        b"\0",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b'"',
        b"'",
        b",",
        b";",
        b"\t",
        b"\r",
        b"\n\n\n",
        b"-",
        b"1e999",
        b"NaN",
    ),
    *(
        b"99999999999999999999",
        b"{",
        b"[",
        b"<html>",
        b"PAR1",
        b"PK\x03\x04",
        b"\x1f\x8b",
        "ß€".encode(),
        b"%",
        b"0x1",
    ),
    *(
        b"2024-02-30",
        b"31.02.2024",
        b"25:61",
        b"-0",
        b".",
        b",,,,,",
        b"null",
        b"0",
        b"1" * 400,
        b"\xe2\x80\x8b",
    ),
)


def _binary() -> list[bytes]:
    times = pa.array(np.arange(60, dtype=np.int64) * 60_000, pa.timestamp("ms", "UTC"))
    prices = {name: np.linspace(1.0, 2.0, 60) for name in ("open", "high", "low", "close", "volume")}
    table = pa.table({"timestamp": times, **prices})
    sink, arrow = io.BytesIO(), io.BytesIO()
    pq.write_table(table, sink)
    with pa.ipc.new_file(arrow, table.schema) as writer:
        writer.write_table(table)
    return [sink.getvalue(), arrow.getvalue()]


SEEDS: tuple[bytes, ...] = (
    *(text.encode() for text in DIALECTS.values()),
    *(gzip.compress(text.encode(), mtime=0) for text in list(DIALECTS.values())[:2]),
    *_binary(),
)


def mutilated(seeds: Sequence[bytes], seed: int) -> bytes:
    """Return one of the files, with one to six things done to it."""
    random = np.random.default_rng(seed)
    data = bytearray(seeds[int(random.integers(len(seeds)))])
    for _ in range(int(random.integers(1, 7))):
        at = int(random.integers(0, len(data) + 1))
        match int(random.integers(7)):
            case 0:
                data[at : at + int(random.integers(1, 40))] = b""
            case 1:
                data[at:at] = _ODD[int(random.integers(len(_ODD)))]
            case 2:
                data = data[:at]
            case 3 if data:
                data[at % len(data)] ^= 1 << int(random.integers(8))
            case 4:
                piece = bytes(data[at : at + int(random.integers(1, 400))])
                data[at:at] = piece * int(random.integers(1, 30))
            case 5:
                lines = bytes(data).split(b"\n")
                random.shuffle(lines)
                data = bytearray(b"\n".join(lines))
            case _:
                data += random.bytes(int(random.integers(1, 60)))
    return bytes(data)
