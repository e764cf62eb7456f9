"""Rules 2 and 6: what fees cost on each fill, and that they come on top, out of cash."""

from tests.unit.backtest.tables import case

CASES = [
    case(
        "a long pays its fee on both fills",  # 1 % of 1,000 and of 1,100
        """
        #  open  high  low  close  entry  exit  equity
        0   100   101   99    100  long   -       1000
        1   100   106   99    105  -      yes     1040
        2   110   111  109    111  -      -       1079

        side  in     out    reason  size  pnl  return_pct  fees
        long  1@100  2@110  signal    10   79       0.079    21
        """,
        fee=0.01,
    ),
    case(
        "a short pays its fee on both fills",  # 1 % of 1,000 and of 900
        """
        #  open  high  low  close  entry  exit  equity
        0   100   101   99    100  short  -       1000
        1   100   101   94     95  -      yes     1040
        2    90    91   89     89  -      -       1081

        side   in     out   reason  size  pnl  return_pct  fees
        short  1@100  2@90  signal    10   81       0.081    19
        """,
        fee=0.01,
    ),
    case(
        "a stop pays the fee on its own price",  # 10 + 9
        """
        #  open  high  low  close  entry  stop  equity
        0   100   101   99    100  long     90    1000
        1   100   101   80     85  -         -     881

        side  in     out   reason     pnl   fees
        long  1@100  1@90  stop_loss  -119    19
        """,
        fee=0.01,
    ),
    case(
        "a target pays the fee on its own price",  # 10 + 11
        """
        #  open  high  low  close  entry  target  equity
        0   100   101   99    100  long      110    1000
        1   100   120   99    115  -           -    1079

        side  in     out    reason       pnl  fees
        long  1@100  1@110  take_profit   79    21
        """,
        fee=0.01,
    ),
    case(
        "the fee comes on top, out of cash: the size is that of the whole equity",  # cash is then -10
        """
        #  open  high  low  close  entry  equity
        0   100   101   99    100  long     1000
        1   100   101   99    100  -         990
        2   100   101   99    100  -         980

        side  in     out    reason       size  pnl  fees
        long  1@100  2@100  end_of_data    10  -20    20
        """,
        fee=0.01,
    ),
    case(
        "a reversal pays both fees, and its size is that of what is left",
        # 10 x 25 - 10 - 12.5 leaves 1,227.5 and buys 9.82 at 125; fees 12.275 + 9.82
        """
        #  open  high  low  close  entry   equity
        0   100   101   99    100  long      1000
        1   100   126   99    125  short     1240
        2   125   126   99    100  -     1450.905

        side   in     out    reason       size      pnl    fees
        long   1@100  2@125  reverse        10    227.5    22.5
        short  2@125  2@100  end_of_data  9.82  223.405  22.095
        """,
        fee=0.01,
    ),
    case(
        "to leave and enter anew at one open costs two fees",
        """
        #  open  high  low  close  entry  exit  equity
        0   100   101   99    100  long   -       1000
        1   100   101   99    100  long   yes      990
        2   100   101   99    100  -      -      960.4

        side  in     out    reason       size  pnl    fees
        long  1@100  2@100  signal         10  -20      20
        long  2@100  2@100  end_of_data   9.8  -19.6  19.6
        """,
        fee=0.01,
    ),
]
