"""Which encoding a text is in: one that decodes it strictly and knows the names of its columns."""

from collections.abc import Mapping

from trad.errors import DataFileError
from trad.market.importing.column_names import ALL_NAMES
from trad.market.importing.dialect import sniff
from trad.market.importing.roles import by_name, by_user, plain

_CALLED: Mapping[str, str] = {
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp1252": "Windows text (cp1252)",
    "cp932": "Shift-JIS (cp932)",
    "euc_jp": "EUC-JP",
    "gb18030": "GBK (gb18030)",
    "big5": "Big5",
    "cp949": "EUC-KR (cp949)",
    "cp1251": "Cyrillic Windows text (cp1251)",
    "koi8-r": "KOI8-R",
    "cp866": "Cyrillic DOS text (cp866)",
    "latin-1": "Latin 1",
}
_WESTERN, _LAST = "cp1252", "latin-1"
_HEADER_WITHIN = 60
"""Lines among which a header is looked for, in each encoding."""


def find_encoding(head: bytes, columns: Mapping[str, str], *, whole: bool) -> str:
    """Find the encoding of a text by its first bytes.

    Almost any bytes can be decoded in several ways. What is not UTF-8 is in the encoding that knows the most
    names of its header, time and prices among them; where none does, in the one of Western Windows.

    Args:
        head: The first bytes.
        columns: Names that the user gave to columns, by role: they are known as well.
        whole: Whether these are all of them.
    """
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    for start, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        # Numbers and commas have a zero beside each of their bytes.
        if head[start:400:2].count(0) > max(8, len(head[:400]) // 3):
            return encoding
    if head.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    # A piece may end within a letter of several bytes; no line does.
    piece = head if whole else head[: head.rfind(b"\n") + 1] or head[:-4]
    if _decoded(piece, "utf-8") is not None:
        return "utf-8"
    texts = {
        encoding: text
        for encoding in _CALLED
        if not encoding.startswith("utf") and (text := _decoded(piece, encoding))
    }
    knowing = {encoding: _known_names(text, columns) for encoding, text in texts.items() if encoding != _LAST}
    best = max(knowing, key=lambda encoding: knowing[encoding], default=_LAST)
    if knowing.get(best):
        return best
    return _WESTERN if _WESTERN in texts else _LAST


def encoding_note(encoding: str) -> str | None:
    """Write for the report what a text is in; None for UTF-8."""
    called = _CALLED.get(encoding)
    return None if called is None else f"the text is not UTF-8; it was read as {called}"


def _decoded(piece: bytes, encoding: str) -> str | None:
    try:
        return piece.decode(encoding)
    except UnicodeDecodeError:
        return None


def _known_names(text: str, columns: Mapping[str, str]) -> int:
    """Count the names of the header that are known; 0 if time or prices are not among them."""
    try:
        dialect = sniff(text.splitlines()[:_HEADER_WITHIN], whole=True)
        names = dialect.names or ()
        by_name(names, by_user(columns, names, dialect.fields))
    except DataFileError:
        return 0
    given = {plain(column) for column in columns.values()}
    return sum(plain(name) in ALL_NAMES or plain(name) in given for name in names)
