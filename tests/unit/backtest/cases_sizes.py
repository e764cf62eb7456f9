"""Rule 6: the size is a share of the equity at the fill, so that gains and losses compound."""

from tests.unit.backtest.tables import case

CASES = [
    case(
        "half the equity buys half the units",
        """
        #  open  high  low  close  entry  exit  equity
        0   100   101   99    100  long   -       1000
        1   100   111   99    110  -      yes     1050
        2   120   121  119    120  -      -       1100

        side  in     out    reason  size  pnl  return_pct
        long  1@100  2@120  signal     5  100         0.2
        """,
        share=0.5,
    ),
    case(
        "half the equity pays half the fees",  # 5 + 6
        """
        #  open  high  low  close  entry  exit  equity
        0   100   101   99    100  long   -       1000
        1   100   111   99    110  -      yes     1045
        2   120   121  119    120  -      -       1089

        side  in     out    reason  size  pnl  fees
        long  1@100  2@120  signal     5   89    11
        """,
        share=0.5,
        fee=0.01,
    ),
    case(
        "gains compound",
        """
        #  open  high  low  close  entry  exit  equity
        0   100   101   99    100  long   -       1000
        1   100   111   99    110  -      yes     1100
        2   110   111   99    100  long   -       1100
        3   100   111   99    110  -      yes     1210
        4   110   111   99    100  long   -       1210
        5   100   111   99    110  -      -       1331

        side  in     out    reason       size  pnl
        long  1@100  2@110  signal         10  100
        long  3@100  4@110  signal         11  110
        long  5@100  5@110  end_of_data  12.1  121
        """,
    ),
    case(
        "losses compound",
        """
        #  open  high  low  close  entry  exit  equity
        0   100   101   99    100  long   -       1000
        1   100   101   79     80  -      yes      800
        2    80    81   79     80  -      -        800
        3    80    81   79     80  long   -        800
        4   100   101   79     80  -      -        640

        side  in     out    reason       size  pnl
        long  1@100  2@80   signal         10  -200
        long  4@100  4@80   end_of_data     8  -160
        """,
    ),
    case(
        "shorts compound",
        """
        #  open  high  low  close  entry  exit  equity
        0   100   101   99    100  short  -       1000
        1   100   101   89     90  -      yes     1100
        2    90   101   89    100  short  -       1100
        3   100   101   79     80  -      -       1320

        side   in     out   reason       size  pnl
        short  1@100  2@90  signal         10  100
        short  3@100  3@80  end_of_data    11  220
        """,
    ),
    case(
        "a quarter of the equity compounds a quarter as fast",  # 250 / 100, then 275 / 55
        """
        #  open  high  low  close  entry  exit  equity
        0   100   101   99    100  short  -       1000
        1   100   101   59     60  -      yes     1100
        2    60    61   54     55  short  -       1100
        3    55    56   43     44  -      -       1155

        side   in     out   reason       size  pnl
        short  1@100  2@60  signal        2.5  100
        short  3@55   3@44  end_of_data     5   55
        """,
        share=0.25,
    ),
    case(
        "half the equity reverses with half of what the equity then is",  # 1,050 / 2 at 110
        """
        #  open  high  low  close  entry              equity
        0   100   101   99    100  long                 1000
        1   100   121   99    120  short                1100
        2   110   111   99    105  -      1073.8636363636363

        side   in     out    reason       size              pnl
        long   1@100  2@110  reverse         5               50
        short  2@110  2@105  end_of_data  4.7727272727272727  23.863636363636364
        """,
        share=0.5,
    ),
    case(
        "the size is counted at the slipped price",  # 505 / 101
        """
        #  open  high  low  close  entry  equity
        0   100   101   99    100  long     1010
        1   100   101   99    100  -        1005

        side  in     out    reason       size  pnl
        long  1@101  1@100  end_of_data     5  -5
        """,
        share=0.5,
        slippage=0.01,
        cash=1_010,
    ),
    case(
        "units are fractional",
        """
        #  open  high  low  close  entry  equity
        0  4000  4100 3900   4000  long     1000
        1  4000  4100 3900   4100  -        1025

        side  in      out     reason       size  pnl
        long  1@4000  1@4100  end_of_data  0.25   25
        """,
    ),
    case(
        "twice the equity gains twice as much",
        """
        #  open  high  low  close  entry  equity
        0   100   101   99    100  long     1000
        1   100   111   99    110  -        1200

        side  in     out    reason       size  pnl  return_pct
        long  1@100  1@110  end_of_data    20  200         0.1
        """,
        share=2,
    ),
]
