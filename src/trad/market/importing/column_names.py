"""What columns of candles are called by the programs, brokers and newspapers that write them.

All names are plain: lower case, letters and digits alone, without accents; Japanese without voicing marks.
"""

from collections.abc import Mapping

ROLES = ("timestamp", "open", "high", "low", "close", "volume")
PRICES = ROLES[1:5]

_NAMES: Mapping[str, str] = {
    # What names the open itself is surer than a timestamp, which may be of the close.
    "timestamp": """
        timeperiodstart periodstart opentime opentimestamp timeopen startat
        timestamp timestamputc timestampms datetime datetimeutc dateymd opendate starttime begin
        date dateutc datestamp day dtyyyymmdd dtyymmdd yyyymmdd yymmdd yyyymmddhhmm yyyymmddhhmmss
        gmttime localtime utctime utc time timeutc
        unix unixtime unixtimestamp unixtimestampms epoch epochtime epochms ts dt d t
        bartime tradedate tradingdate
        datum zeit datumzeit fecha data dataora datahora dates dateheure tarih
        дата 日期 日付 日付け テータ日付 날짜 일자 日時 일시 时间 時間 時刻 시간 время czas
        windowstart tsevent start timeclose closetime index indexlevel0 unnamed0 id ticks
        """,
    "open": """
        open openprice priceopen o op opening first
        erster eroffn eroffnung eroeffnung eroffnungskurs ouverture ouv apertura abertura
        bidopen openbid askopen openask midopen openmid openusd start opn
        mido bido otwarcie acılıs открытие откр 开盘 开盘价 開盤 開盤價 开 開 始値 시가
        """,
    "high": """
        high highprice pricehigh h hi max
        hoch hochstkurs hoechstkurs tageshoch haut plushaut maximo maxima massimo maxprice
        bidhigh highbid askhigh highask midhigh highmid highusd
        midh bidh hoog najwyzszy yuksek максимум макс 最高 最高价 最高價 高 高値 고가
        """,
    "low": """
        low lowprice pricelow l lo min
        tief tiefstkurs tagestief bas plusbas minimo minima minprice
        bidlow lowbid asklow lowask midlow lowmid lowusd
        midl bidl laag najnizszy dusuk минимум мин 最低 最低价 最低價 低 安値 저가
        """,
    "close": """
        close closeprice priceclose c cl closelast closing closingprice last lastprice
        schluss schlusskurs schlusskurse zuletzt letzter cloture clot dernier cierre ultimo
        chiusura fechamento
        bidclose closebid askclose closeask midclose closemid
        midc bidc laatste zamkniecie simdi закрытие 收盘 收盘价 收盤 收盤價 收 終値 종가 цена latest
        pxlast tradeprice
        closeusd price settle settlement adjclose closeadjusted
        """,
    "volume": """
        volumebase basevolume stuecke stucke stuck volume vol v realvolume volumetraded tickvolume tickvol
        volumen umsatz quantity qty shares sharevolume tradedvolume
        totalvolume noofshares tottrdqty pxvolume volumefrom turnover amount
        umsatzstuck volumenstuck wolumen hac объем 成交量 交易量 成交股数 成交股數
        出来高 売買高 거래량
        """,
}


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


NAMES: Mapping[str, tuple[str, ...]] = {role: _words(names) for role, names in _NAMES.items()}
"""What each column may be called, the surest name first."""

QUOTES = _words("usdt usdc busd tusd fdusd dai usd eur gbp jpy chf try krw aud quote")
SYMBOLS = frozenset(
    _words("""
    symbol ticker instrument instrumentid instrumentname pair isin
    тикер 代码 股票代码 证券代码 コード 銘柄コード 종목코드
    """)
)
OF_VOLUME = frozenset(
    _words("""
    ma sma ema wma average avg delta change chg osc oscillator ratio pct
    up down buy sell bid ask profile weighted rank adj adjusted
    """)
)
"""What follows `Volume` in the names of columns that hold something else."""

DATES = frozenset(
    _words("""
    date dateutc datestamp day dtyyyymmdd dtyymmdd yyyymmdd yymmdd dateymd datum fecha data tradedate dates
    tarih дата 日期 日付 日付け テータ日付 날짜 일자
    """)
)
CLOCKS = frozenset(
    _words("""
    time timeutc utctime gmttime localtime zeit hora ora heure uhrzeit
    saat tijd czas godz время 时间 時間 時刻 시간 시각
    """)
)
PARTS: Mapping[str, frozenset[str]] = {
    part: frozenset(_words(names))
    for part, names in {
        "year": "year yr yyyy jahr annee anno ano год 年 년",
        "month": "month mon monat mois mese mes месяц 月 월",
        "day": "day dayofmonth tag jour giorno dia день 日 일",
        "hour": "hour hr hh hourofday hourbeginning stunde час 時 时 시",
        "hour_ending": "hourending hourend",
        "minute": "minute minutes минута 分 분",
        "second": "second seconds sec ss секунда 秒 초",
    }.items()
}
"""What the parts of a time may be called that stand in columns of their own."""
ROW_NUMBERS = frozenset(_words("index indexlevel0 unnamed0 id ticks"))
"""What a column of times may be called that holds row numbers as often."""
ZONES = _words("utc gmt eet eest cet cest est edt et cst cdt ct pst pdt msk jst kst ist hkt bst aest")
"""What a column of times may be marked with at its end."""

TICKS = frozenset(_words("bid ask price last bidprice askprice tradeprice size side qty quantity"))
ALL_NAMES = frozenset(name for names in NAMES.values() for name in names) | SYMBOLS | DATES | CLOCKS
ALL_NAMES |= frozenset(name for names in PARTS.values() for name in names)
