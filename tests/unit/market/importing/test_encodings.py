"""Text that is not UTF-8: read in the encoding that knows its header, and the report says in which."""

from pathlib import Path

import pytest
from tests.unit.market.importing.test_dialects import DIALECTS
from tests.unit.market.importing.written import imported, rows_of

from trad.errors import DataFileError
from trad.market.importing.heads import HEAD
from trad.market.importing.options import ImportOptions

EXPECTED = [
    ("2024-01-29T10:00:00", 1234.5, 1240.25, 1230.0, 1236.75, 1500.0),
    ("2024-01-29T11:00:00", 1236.5, 1238.0, 1220.5, 1221.25, 2300.0),
]
ROWS = "2024/01/29,10:00,1234.5,1240.25,1230,1236.75,1500\n2024/01/29,11:00,1236.5,1238,1220.5,1221.25,2300\n"
JAPANESE = "日付,時刻,始値,高値,安値,終値,出来高\n"
CHINESE = "日期,时间,开盘,最高,最低,收盘,成交量\n"
TAIWANESE = "日期,時間,開盤價,最高價,最低價,收盤價,成交股數\n"
KOREAN = "일자,시간,시가,고가,저가,종가,거래량\n"
KOREAN_TOO = "날짜,시간,시가,고가,저가,종가,거래량\n"
RUSSIAN = "Дата,Время,Открытие,Максимум,Минимум,Закрытие,Объём\n"


@pytest.mark.parametrize(
    ("header", "encoding", "told"),
    [
        (JAPANESE, "shift_jis", "Shift-JIS (cp932)"),
        (JAPANESE, "euc_jp", "EUC-JP"),
        (CHINESE, "gbk", "GBK (gb18030)"),
        (TAIWANESE, "big5", "Big5"),
        (KOREAN, "euc_kr", "EUC-KR (cp949)"),
        (KOREAN_TOO, "cp949", "EUC-KR (cp949)"),
        (RUSSIAN, "cp1251", "Cyrillic Windows text (cp1251)"),
        (RUSSIAN, "koi8-r", "KOI8-R"),
        (RUSSIAN, "cp866", "Cyrillic DOS text (cp866)"),
        (RUSSIAN, "utf-16", "UTF-16"),
        ("Date,Time,Open,High,Low,Close,出来高\n", "shift_jis", "Shift-JIS (cp932)"),
        ("Datum,Zeit,Eröffnung,Hoch,Tief,Schluss,Stück\n", "cp1252", "Windows text (cp1252)"),
    ],
)
def test_the_encoding_that_knows_the_names_is_taken_and_told(
    tmp_path: Path, header: str, encoding: str, told: str
) -> None:
    candles, report = imported(tmp_path, (header + ROWS).encode(encoding))
    assert rows_of(candles) == EXPECTED
    assert report.notes == (f"the text is not UTF-8; it was read as {told}",)
    assert imported(tmp_path, header + ROWS)[1].notes == ()


def test_names_that_no_encoding_knows_are_asked_for_and_the_encoding_is_told(tmp_path: Path) -> None:
    strange = "Когда,Время,Первая,Высшая,Низшая,Последняя,Сколько\n"
    with pytest.raises(DataFileError, match=r"none for timestamp.*read as Windows text.*save it as UTF-8"):
        imported(tmp_path, (strange + ROWS).encode("cp1251"))
    said = {"timestamp": "Когда", "time": "Время", "open": "Первая", "high": "Высшая", "low": "Низшая"}
    options = ImportOptions(columns={**said, "close": "Последняя", "volume": "Сколько"})
    candles, report = imported(tmp_path, (strange + ROWS).encode("cp1251"), options=options)
    assert rows_of(candles) == EXPECTED
    assert report.notes == ("the text is not UTF-8; it was read as Cyrillic Windows text (cp1251)",)


def test_a_letter_of_several_bytes_may_lie_across_the_end_of_the_head(tmp_path: Path) -> None:
    header, first, *_ = DIALECTS["plain"].splitlines()
    row = f"{first},{'名' * 40}\n"
    for shift in range(3):
        text = f"#{'x' * shift}\n{header},n\n" + row * (HEAD // len(row.encode()) + 2)
        _, report = imported(tmp_path, text)
        assert not any("UTF-8" in note for note in report.notes)
