"""Rules 6 and 7: ruin, and the end of the data."""

from tests.unit.backtest.tables import case

END_OF_DATA = [
    case(
        "what is open at the end closes at the last close, with the fee and without slippage",
        # fees 1 % of 1,010 and of 1,100
        """
        #  open  high  low  close  entry  equity
        0   100   101   99    100  long     1010
        1   100   111   99    110  -      1089.9
        2   105   111   99    110  -      1078.9

        side  in     out    reason       pnl   fees
        long  1@101  2@110  end_of_data  68.9  21.1
        """,
        fee=0.01,
        slippage=0.01,
        cash=1_010,
    ),
    case(
        "a short at the end closes at the last close, with the fee and without slippage",
        # fees 1 % of 990 and of 900
        """
        #  open  high  low  close  entry  equity
        0   100   101   99    100  short     990
        1   100   101   89     90  -      1070.1
        2    95    96   89     90  -      1061.1

        side   in    out   reason       pnl   fees
        short  1@99  2@90  end_of_data  71.1  18.9
        """,
        fee=0.01,
        slippage=0.01,
        cash=990,
    ),
    case(
        "the last fee can take the equity below zero: the trade keeps its reason",
        # 100 to enter leaves cash at -100; 110 for the units, less 11 to leave: -1
        """
        #  open  high  low  close  entry  equity
        0   100   101   99    100  long     1000
        1   100   101   10     11  -          10
        2    11    12   10     11  -          -1

        side  in     out   reason       pnl    fees
        long  1@100  2@11  end_of_data  -1001   111
        """,
        fee=0.1,
        ruined=True,
    ),
]

RUIN_AT_THE_CLOSE = [
    case(
        "a short whose price has doubled is ruined, to the cent",
        """
        #  open  high  low  close  entry  equity
        0   100   101   99    100  short    1000
        1   100   151   99    150  -         500
        2   150   201  149    200  -           0
        3   200   201   99    100  -           0

        side   in     out    reason  pnl
        short  1@100  2@200  ruined  -1000
        """,
        ruined=True,
    ),
    case(
        "a short can lose more than there was, and nothing acts after the ruin",
        """
        #  open  high  low  close  entry  exit  stop  target  equity
        0   100   101   99    100  short  -        -       -    1000
        1   100   251   99    250  long   yes     90     300    -500
        2   250   251   99    100  long   -       90     300    -500
        3   100   301   89    300  short  yes      -       -    -500
        4   300   301   89     90  -      -        -       -    -500

        side   in     out    reason  pnl
        short  1@100  1@250  ruined  -1500
        """,
        ruined=True,
    ),
    case(
        "the equity is asked at the close: a spike inside the candle ruins nobody",
        """
        #  open  high  low  close  entry  equity
        0   100   101   99    100  short    1000
        1   100   900   99    101  -         990
        2   101   102   89     90  -        1100

        side   in     out   reason       pnl
        short  1@100  2@90  end_of_data  100
        """,
    ),
    case(
        "ruin on the last candle is ruin, not the end of the data",
        """
        #  open  high  low  close  entry  equity
        0   100   101   99    100  short    1000
        1   100   101   99    100  -        1000
        2   100   301   99    300  -       -1000

        side   in     out    reason  pnl
        short  1@100  2@300  ruined  -2000
        """,
        ruined=True,
    ),
    case(
        "ruin closes without slippage, with the fee",  # 990 - 9.9 - 1,510 - 25 on 10 units short at 99
        """
        #  open  high  low  close  entry   equity
        0   100   101   99    100  short      990
        1   100   251   99    250  -       -554.9
        2   250   251   99    100  -       -554.9

        side   in    out    reason  pnl      fees
        short  1@99  1@250  ruined  -1544.9  34.9
        """,
        fee=0.01,
        slippage=0.01,
        cash=990,
        ruined=True,
    ),
    case(
        "fees can ruin a long that crashes",  # cash is -100 after the entry; 90 for the units, less 9
        """
        #  open  high  low  close  entry  equity
        0   100   101   99    100  long     1000
        1   100   101   99    100  -         900
        2    50    51    8      9  long      -19
        3     9   100    8    100  -         -19

        side  in     out  reason  pnl    fees
        long  1@100  2@9  ruined  -1019   109
        """,
        fee=0.1,
        ruined=True,
    ),
    case(
        "without fees a long is never ruined while the price is above zero",
        """
        #  open  high   low  close  entry  equity
        0   100   101    99    100  long     1000
        1   100   101  0.01   0.01  -         0.1
        2  0.01   100  0.01    100  -        1000

        side  in     out    reason
        long  1@100  2@100  end_of_data
        """,
    ),
    case(
        "a short with half the equity is ruined at three times its price",
        """
        #  open  high  low  close  entry  equity
        0   100   101   99    100  short    1000
        1   100   201   99    200  -         500
        2   200   300  199    300  -           0
        3   300   301  199    200  -           0

        side   in     out    reason  size  pnl
        short  1@100  2@300  ruined     5  -1000
        """,
        share=0.5,
        ruined=True,
    ),
    case(
        "a long with twice the equity is ruined at half its price",
        """
        #  open  high  low  close  entry  equity
        0   100   101   99    100  long     1000
        1   100   101   59     60  -         200
        2    60   100   49     50  -           0
        3    50   101   49    100  -           0

        side  in     out   reason  size  pnl
        long  1@100  2@50  ruined    20  -1000
        """,
        share=2,
        ruined=True,
    ),
    case(
        "a stop inside the candle saves from the ruin at its close",
        """
        #  open  high  low  close  entry  stop  equity
        0   100   101   99    100  short   110    1000
        1   100   301   99    300  -         -     900

        side   in     out    reason
        short  1@100  1@110  stop_loss
        """,
    ),
]

RUIN_BY_A_FILL = [
    case(
        "a gap far beyond a short's stop ruins, and the trade keeps its reason",
        """
        #  open  high  low  close  entry  stop  equity
        0   100   101   99    100  short   110    1000
        1   100   101   99    100  -         -    1000
        2   250   251  199    200  long      -    -500
        3   200   201   99    100  long      -    -500
        4   100   101   99    100  -         -    -500

        side   in     out    reason     pnl
        short  1@100  2@250  stop_loss  -1500
        """,
        ruined=True,
    ),
    case(
        "a gap far beyond a long's stop ruins with its fees",  # 1,000 - 100 - 950 - 5
        """
        #  open  high  low  close  entry  stop  equity
        0   100   101   99    100  long     90    1000
        1   100   101   99    100  -         -     900
        2     5   120    4    110  -         -     -55

        side  in     out  reason     pnl    fees
        long  1@100  2@5  stop_loss  -1055   105
        """,
        fee=0.1,
        ruined=True,
    ),
    case(
        "a stop that leaves nothing at all ruins",
        """
        #  open  high  low  close  entry  stop  equity
        0   100   101   99    100  short   200    1000
        1   100   201   99    150  long      -       0
        2   150   160  140    155  -         -       0

        side   in     out    reason     pnl
        short  1@100  1@200  stop_loss  -1000
        """,
        ruined=True,
    ),
    case(
        "a reversal that leaves less than nothing closes and does not enter",
        """
        #  open  high  low  close  entry  equity
        0   100   101   99    100  short    1000
        1   100   151   99    150  long      500
        2   210   220  140    150  long     -100
        3   150   160  140    150  -        -100

        side   in     out    reason   pnl
        short  1@100  2@210  reverse  -1100
        """,
        ruined=True,
    ),
    case(
        "a reversal that leaves nothing at all closes and does not enter",
        """
        #  open  high  low  close  entry  equity
        0   100   101   99    100  short    1000
        1   100   151   99    150  long      500
        2   200   400  140    400  -           0

        side   in     out    reason   pnl
        short  1@100  2@200  reverse  -1000
        """,
        ruined=True,
    ),
    case(
        "an exit at an open beyond ruin keeps its reason",
        """
        #  open  high  low  close  entry  exit  equity
        0   100   101   99    100  short  -       1000
        1   100   151   99    150  -      yes      500
        2   210   220  140    150  long   -       -100
        3   150   160  140    150  -      -       -100

        side   in     out    reason  pnl
        short  1@100  2@210  signal  -1100
        """,
        ruined=True,
    ),
    case(
        "an exit beside the same signal beyond ruin closes and does not enter",
        """
        #  open  high  low  close  entry  exit  equity
        0   100   101   99    100  short  -       1000
        1   100   151   99    150  short  yes      500
        2   210   220   40     50  -      -       -100

        side   in     out    reason  pnl
        short  1@100  2@210  signal  -1100
        """,
        ruined=True,
    ),
]

CASES = END_OF_DATA + RUIN_AT_THE_CLOSE + RUIN_BY_A_FILL
