"""Rules 2 and 4: which fills slip, and to which side.

Where slippage makes the fill 101 or 99, the account holds 1,010 or 990, so that the size stays 10.
"""

from tests.unit.backtest.tables import case

CASES = [
    case(
        "a long buys above the open and sells below it",  # 101 and 108.9
        """
        #  open  high  low  close  entry  exit  equity
        0   100   101   99    100  long   -       1010
        1   100   106   99    105  -      yes     1050
        2   110   111  109    111  -      -       1089

        side  in     out      reason  size  pnl
        long  1@101  2@108.9  signal    10   79
        """,
        slippage=0.01,
        cash=1_010,
    ),
    case(
        "a short sells below the open and buys above it",  # 99 and 90.9
        """
        #  open  high  low  close  entry  exit  equity
        0   100   101   99    100  short  -        990
        1   100   101   94     95  -      yes     1030
        2    90    91   89     89  -      -       1071

        side   in    out     reason  size  pnl
        short  1@99  2@90.9  signal    10   81
        """,
        slippage=0.01,
        cash=990,
    ),
    case(
        "a long's stop fills below the stop",
        """
        #  open  high  low  close  entry  stop
        0   100   101   99    100  long     90
        1   100   101   80     85  -         -

        side  in     out     reason     pnl
        long  1@101  1@89.1  stop_loss  -119
        """,
        slippage=0.01,
        cash=1_010,
    ),
    case(
        "a short's stop fills above the stop",
        """
        #  open  high  low  close  entry  stop
        0   100   101   99    100  short   110
        1   100   120   99    115  -         -

        side   in    out      reason     pnl
        short  1@99  1@111.1  stop_loss  -121
        """,
        slippage=0.01,
        cash=990,
    ),
    case(
        "a gap through a long's stop fills below the open",
        """
        #  open  high  low  close  entry  stop
        0   100   101   99    100  long     90
        1   100   101   99    100  -         -
        2    80    95   79     94  -         -

        side  in     out     reason     pnl
        long  1@101  2@79.2  stop_loss  -218
        """,
        slippage=0.01,
        cash=1_010,
    ),
    case(
        "a gap through a short's stop fills above the open",
        """
        #  open  high  low  close  entry  stop
        0   100   101   99    100  short   110
        1   100   101   99    100  -         -
        2   120   121  105    106  -         -

        side   in    out      reason     pnl
        short  1@99  2@121.2  stop_loss  -222
        """,
        slippage=0.01,
        cash=990,
    ),
    case(
        "a long's target fills without slippage",
        """
        #  open  high  low  close  entry  target
        0   100   101   99    100  long      110
        1   100   120   99    115  -           -

        side  in     out    reason       pnl
        long  1@101  1@110  take_profit   90
        """,
        slippage=0.01,
        cash=1_010,
    ),
    case(
        "a short's target fills without slippage",
        """
        #  open  high  low  close  entry  target
        0   100   101   99    100  short      90
        1   100   101   80     85  -           -

        side   in    out   reason       pnl
        short  1@99  1@90  take_profit   90
        """,
        slippage=0.01,
        cash=990,
    ),
    case(
        "a gap through a long's target fills at the open without slippage",
        """
        #  open  high  low  close  entry  target
        0   100   101   99    100  long      110
        1   100   101   99    100  -           -
        2   120   121  119    120  -           -

        side  in     out    reason       pnl
        long  1@101  2@120  take_profit  190
        """,
        slippage=0.01,
        cash=1_010,
    ),
    case(
        "a gap through a short's target fills at the open without slippage",
        """
        #  open  high  low  close  entry  target
        0   100   101   99    100  short      90
        1   100   101   99    100  -           -
        2    80    81   79     80  -           -

        side   in    out   reason       pnl
        short  1@99  2@80  take_profit  190
        """,
        slippage=0.01,
        cash=990,
    ),
    case(
        "a reversal from long slips once on each side",  # both are sells: 110 x 0.99
        """
        #  open  high  low  close  entry  equity
        0   100   101   99    100  long     1010
        1   100   111   99    110  short    1100
        2   110   111   99    100  -        1178

        side   in       out      reason       size  pnl
        long   1@101    2@108.9  reverse        10   79
        short  2@108.9  2@100    end_of_data    10   89
        """,
        slippage=0.01,
        cash=1_010,
    ),
    case(
        "a reversal from short slips once on each side",  # both are buys: 90 x 1.01; 1,071 / 90.9
        """
        #  open  high  low  close  entry
        0   100   101   99    100  short
        1   100   101   89     90  long
        2    90   101   89    100  -

        side   in      out     reason                      size               pnl
        short  1@99    2@90.9  reverse                       10                81
        long   2@90.9  2@100   end_of_data  11.7821782178217822  107.217821782178218
        """,
        slippage=0.01,
        cash=990,
    ),
    case(
        "the stop is compared with the candle, not with the slipped price",
        """
        #  open  high   low  close  entry  stop  target
        0   100   101    99    100  long     95     110
        1   100   109  95.5     98  -         -       -

        side  in     out   reason
        long  1@101  1@98  end_of_data
        """,
        slippage=0.01,
        cash=1_010,
    ),
    case(
        "a long passed by its own stop at the open slips twice and pays two fees",  # 10.1 + 9.9
        """
        #  open  high  low  close  entry  stop  equity
        0   100   101   99    100  long    105    1010
        1   100   110   99    108  -         -     970

        side  in     out   reason     pnl  fees
        long  1@101  1@99  stop_loss  -40    20
        """,
        fee=0.01,
        slippage=0.01,
        cash=1_010,
    ),
    case(
        "a short passed by its own stop at the open slips twice",
        """
        #  open  high  low  close  entry  stop
        0   100   101   99    100  short    95
        1   100   101   90     92  -         -

        side   in    out    reason     pnl
        short  1@99  1@101  stop_loss  -20
        """,
        slippage=0.01,
        cash=990,
    ),
    case(
        "a long passed by its own target at the open slips once",
        """
        #  open  high  low  close  entry  target
        0   100   101   99    100  long       95
        1   100   101   96     99  -           -

        side  in     out    reason       pnl
        long  1@101  1@100  take_profit  -10
        """,
        slippage=0.01,
        cash=1_010,
    ),
    case(
        "a short passed by its own target at the open slips once",
        """
        #  open  high  low  close  entry  target
        0   100   101   99    100  short     105
        1   100   104   99    101  -           -

        side   in    out    reason       pnl
        short  1@99  1@100  take_profit  -10
        """,
        slippage=0.01,
        cash=990,
    ),
    case(
        "fee and slippage together",  # fees 1 % of 1,010 and of 1,089
        """
        #  open  high  low  close  entry  exit   equity
        0   100   101   99    100  long   -        1010
        1   100   106   99    105  -      yes    1039.9
        2   110   111  109    111  -      -     1068.01

        side  in     out      reason  size    pnl   fees
        long  1@101  2@108.9  signal    10  58.01  20.99
        """,
        fee=0.01,
        slippage=0.01,
        cash=1_010,
    ),
]
