"""Rules 3 and 4, targets: inside the candle, at a gap, on the entry candle, and whose target it is."""

from tests.unit.backtest.tables import case

CASES = [
    case(
        "a long's target inside the candle fills at the target",
        """
        #  open  high  low  close  entry  target  equity
        0   100   101   99    100  long      110    1000
        1   100   105   99    104  -           -    1040
        2   104   115  103    108  -           -    1100
        3   108   130  107    120  -           -    1100

        side  in     out    reason       pnl
        long  1@100  2@110  take_profit  100
        """,
    ),
    case(
        "a short's target inside the candle fills at the target",
        """
        #  open  high  low  close  entry  target  equity
        0   100   101   99    100  short      90    1000
        1   100   101   95     96  -           -    1040
        2    96    97   85     92  -           -    1100
        3    92    93   70     80  -           -    1100

        side   in     out   reason       pnl
        short  1@100  2@90  take_profit  100
        """,
    ),
    case(
        "a high that touches the target is enough",
        """
        #  open  high  low  close  entry  target
        0   100   101   99    100  long      110
        1   100   109   99    104  -           -
        2   104   110  103    104  -           -
        3   104   105  103    104  -           -

        side  in     out    reason
        long  1@100  2@110  take_profit
        """,
    ),
    case(
        "a low that touches a short's target is enough",
        """
        #  open  high  low  close  entry  target
        0   100   101   99    100  short      90
        1   100   101   91     96  -           -
        2    96    97   90     96  -           -
        3    96    97   95     96  -           -

        side   in     out   reason
        short  1@100  2@90  take_profit
        """,
    ),
    case(
        "a high just below the target is not enough",
        """
        #  open    high  low  close  entry  target
        0   100     101   99    100  long      110
        1   100  109.99   99    104  -           -

        side  in     out    reason
        long  1@100  1@104  end_of_data
        """,
    ),
    case(
        "a low just above a short's target is not enough",
        """
        #  open  high    low  close  entry  target
        0   100   101     99    100  short      90
        1   100   101  90.01     96  -           -

        side   in     out   reason
        short  1@100  1@96  end_of_data
        """,
    ),
    case(
        "a gap through a long's target fills at the better open",
        """
        #  open  high  low  close  entry  target
        0   100   101   99    100  long      110
        1   100   105   99    104  -           -
        2   115   116  112    113  -           -

        side  in     out    reason       pnl
        long  1@100  2@115  take_profit  150
        """,
    ),
    case(
        "a gap through a short's target fills at the better open",
        """
        #  open  high  low  close  entry  target
        0   100   101   99    100  short      90
        1   100   101   95     96  -           -
        2    85    88   84     87  -           -

        side   in     out   reason       pnl
        short  1@100  2@85  take_profit  150
        """,
    ),
    case(
        "the entry candle can reach a long's target",
        """
        #  open  high  low  close  entry  target  equity
        0   100   101   99    100  long      110    1000
        1   100   112   97     98  -           -    1100
        2    98    99   97     98  -           -    1100

        side  in     out    reason       pnl
        long  1@100  1@110  take_profit  100
        """,
    ),
    case(
        "the entry candle can reach a short's target",
        """
        #  open  high  low  close  entry  target  equity
        0   100   101   99    100  short      90    1000
        1   100   103   88    102  -           -    1100
        2   102   103  101    102  -           -    1100

        side   in     out   reason       pnl
        short  1@100  1@90  take_profit  100
        """,
    ),
    case(
        "a long whose open is already above its target leaves at that open",
        """
        #  open  high  low  close  entry  target  equity
        0   100   101   99    100  long      110    1000
        1   120   125  115    116  -           -    1000

        side  in     out    reason       pnl
        long  1@120  1@120  take_profit    0
        """,
    ),
    case(
        "a short whose open is already below its target leaves at that open",
        """
        #  open  high  low  close  entry  target  equity
        0   100   101   99    100  short      90    1000
        1    80    85   75     84  -           -    1000

        side   in    out   reason       pnl
        short  1@80  1@80  take_profit    0
        """,
    ),
    case(
        "an exit at the open comes before a target that the open has passed",
        """
        #  open  high  low  close  entry  exit  target
        0   100   101   99    100  long   -        110
        1   100   101   99    100  -      yes        -
        2   115   116  114    115  -      -          -

        side  in     out    reason
        long  1@100  2@115  signal
        """,
    ),
    case(
        "a target on the last candle comes before the end of the data",
        """
        #  open  high  low  close  entry  target
        0   100   101   99    100  short      90
        1   100   101   99    100  -           -
        2   100   101   89     99  -           -

        side   in     out   reason
        short  1@100  2@90  take_profit
        """,
    ),
    case(
        "targets of candles without an entry mean nothing",
        """
        #  open  high  low  close  entry  target
        0   100   101   99    100  long        -
        1   100   101   99    100  -         101
        2   100   120   99    100  -         105
        3   100   120   99    100  -           -

        side  in     out    reason
        long  1@100  3@100  end_of_data
        """,
    ),
    case(
        "the next entry does not inherit a target",
        """
        #  open  high  low  close  entry  target
        0   100   101   99    100  long      110
        1   100   111   99    100  long        -
        2   100   150   99    100  -           -

        side  in     out    reason       pnl
        long  1@100  1@110  take_profit  100
        long  2@100  2@100  end_of_data    0
        """,
    ),
]
