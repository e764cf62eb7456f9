"""Rule 1, and rule 5 on exits: when a signal acts, and when it does not."""

from tests.unit.backtest.tables import case

CASES = [
    case(
        "a long enters at the open after its signal and leaves at the open after its exit",
        """
        #  open  high  low  close  entry  exit  equity
        0    90    91   89     90  long   -       1000
        1   100   106   99    105  -      yes     1050
        2   110   111  109    111  -      -       1100
        3    50    51   49     50  -      -       1100

        side  in     out    reason  size  pnl  return_pct  fees
        long  1@100  2@110  signal    10  100         0.1     0
        """,
    ),
    case(
        "a short enters at the open after its signal and leaves at the open after its exit",
        """
        #  open  high  low  close  entry  exit  equity
        0   105   106  104    105  short  -       1000
        1   100   101   94     95  -      yes     1050
        2    90    91   89     89  -      -       1100
        3   150   151  149    150  -      -       1100

        side   in     out   reason  size  pnl  return_pct  fees
        short  1@100  2@90  signal    10  100         0.1     0
        """,
    ),
    case(
        "a signal on candle 0 knows nothing of candle 0's own prices",
        """
        #  open  high  low  close  entry  stop  target
        0   100   200   10    100  long     95     105
        1   100   104   96    102  -         -       -

        side  in     out    reason       pnl
        long  1@100  1@102  end_of_data   20
        """,
    ),
    case(
        "an entry on the last candle never acts",
        """
        #  open  high  low  close  entry  equity
        0   100   101   99    100  -        1000
        1   100   101   99    100  long     1000

        no trades
        """,
    ),
    case(
        "an exit on the last candle never acts",
        """
        #  open  high  low  close  entry  exit
        0   100   101   99    100  long   -
        1   100   101   99    100  -      -
        2   100   108   99    107  -      yes

        side  in     out    reason
        long  1@100  2@107  end_of_data
        """,
    ),
    case(
        "an opposite entry on the last candle never acts",
        """
        #  open  high  low  close  entry
        0   100   101   99    100  long
        1   100   101   99    100  -
        2   100   108   99    107  short

        side  in     out    reason
        long  1@100  2@107  end_of_data
        """,
    ),
    case(
        "an entry on the second to last candle lives for the last one",
        """
        #  open  high  low  close  entry  equity
        0   100   101   99    100  -        1000
        1   100   101   99    100  long     1000
        2   100   108   98    106  -        1060

        side  in     out    reason       pnl
        long  2@100  2@106  end_of_data   60
        """,
    ),
    case(
        "an exit on the second to last candle leaves at the last open",
        """
        #  open  high  low  close  entry  exit  equity
        0   100   101   99    100  long   -       1000
        1   100   101   99    100  -      yes     1000
        2   103   108   98    106  -      -       1030

        side  in     out    reason  pnl
        long  1@100  2@103  signal   30
        """,
    ),
    case(
        "a single candle has no next open",
        """
        #  open  high  low  close  entry  exit  stop  target  equity
        0   100   110   90    105  long   yes     95     105    1000

        no trades
        """,
    ),
    case(
        "two candles are enough for one trade",
        """
        #  open  high  low  close  entry  equity
        0   100   101   99    100  short    1000
        1   100   101   99     99  -        1010

        side   in     out   reason       pnl
        short  1@100  1@99  end_of_data   10
        """,
    ),
    case(
        "without signals nothing happens",
        """
        #  open  high  low  close  equity
        0   100   120   80    110    1000
        1    50    60   40     50    1000
        2   200   210  190    200    1000

        no trades
        """,
    ),
    case(
        "exit flags while flat do nothing",
        """
        #  open  high  low  close  entry  exit  equity
        0   100   101   99    100  -      yes     1000
        1   100   101   99    100  -      yes     1000
        2   100   101   99    100  -      -       1000

        no trades
        """,
    ),
    case(
        "an exit flag beside an entry while flat does not stop the entry",
        """
        #  open  high  low  close  entry  exit
        0   100   101   99    100  long   yes
        1   100   101   99    100  -      -
        2   100   105   99    104  -      -

        side  in     out    reason
        long  1@100  2@104  end_of_data
        """,
    ),
    case(
        "an exit flag beside a short entry while flat does not stop the entry",
        """
        #  open  high  low  close  entry  exit
        0   100   101   99    100  short  yes
        1   100   101   99    100  -      -
        2   100   105   99    104  -      -

        side   in     out    reason
        short  1@100  2@104  end_of_data
        """,
    ),
    case(
        "an exit flag that stays up closes once",
        """
        #  open  high  low  close  entry  exit  equity
        0   100   101   99    100  long   -       1000
        1   100   101   99    100  -      yes     1000
        2   101   102  100    101  -      yes     1010
        3   105   106  104    105  -      yes     1010
        4   107   108  106    107  -      -       1010

        side  in     out    reason
        long  1@100  2@101  signal
        """,
    ),
    case(
        "an entry on the candle after the exit flag enters one open later",
        """
        #  open  high  low  close  entry  exit
        0   100   101   99    100  long   -
        1   100   101   99    100  -      yes
        2   110   111  109    110  long   -
        3   120   121  119    120  -      -

        side  in     out    reason       pnl
        long  1@100  2@110  signal       100
        long  3@120  3@120  end_of_data    0
        """,
    ),
    case(
        "a signal during the entry candle acts at the next open",
        """
        #  open  high  low  close  entry  exit
        0   100   101   99    100  long   -
        1   101   103   99    102  -      yes
        2   101   102  100    101  -      -

        side  in     out    reason  pnl
        long  1@101  2@101  signal    0
        """,
    ),
]
