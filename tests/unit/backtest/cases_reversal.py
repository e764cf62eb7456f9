"""Rule 5: the opposite signal reverses at the same open."""

from tests.unit.backtest.tables import case

CASES = [
    case(
        "a short signal reverses a long at the same open",
        """
        #  open  high  low  close  entry  equity
        0   100   101   99    100  long     1000
        1   100   111   99    110  short    1100
        2   110   111   99    100  -        1200

        side   in     out    reason       size  pnl
        long   1@100  2@110  reverse        10  100
        short  2@110  2@100  end_of_data    10  100
        """,
    ),
    case(
        "a long signal reverses a short at the same open",
        """
        #  open  high  low  close  entry  equity
        0   100   101   99    100  short    1000
        1   100   101   79     80  long     1200
        2    80   101   79    100  -        1500

        side   in     out    reason       size  pnl
        short  1@100  2@80   reverse        10  200
        long   2@80   2@100  end_of_data    15  300
        """,
    ),
    case(
        "an exit flag beside the opposite entry is one reversal",
        """
        #  open  high  low  close  entry  exit
        0   100   101   99    100  long   -
        1   100   111   99    110  short  yes
        2   110   111   99    100  -      -

        side   in     out    reason       pnl
        long   1@100  2@110  reverse      100
        short  2@110  2@100  end_of_data  100
        """,
    ),
    case(
        "a short's exit flag beside the opposite entry is one reversal",
        """
        #  open  high  low  close  entry  exit
        0   100   101   99    100  short  -
        1   100   101   79     80  long   yes
        2    80   101   79    100  -      -

        side   in     out    reason       pnl
        short  1@100  2@80   reverse      200
        long   2@80   2@100  end_of_data  300
        """,
    ),
    case(
        "each side of a market that turns every candle is a trade of its own",
        """
        #  open  high  low  close  entry  equity
        0   100   101   99    100  long     1000
        1   100   111   99    110  short    1100
        2   110   111   99    100  long     1200
        3   100   121   99    120  short    1440
        4   120   121   99    100  -        1680

        side   in     out    reason       size  pnl
        long   1@100  2@110  reverse        10  100
        short  2@110  3@100  reverse        10  100
        long   3@100  4@120  reverse        12  240
        short  4@120  4@100  end_of_data    12  240
        """,
    ),
    case(
        "a reversal takes the stop of its own signal",
        """
        #  open  high  low  close  entry  stop
        0   100   101   99    100  long     90
        1   100   101   99    100  short   105
        2   100   104   85     95  -         -
        3    95   106   95    100  -         -

        side   in     out    reason     pnl
        long   1@100  2@100  reverse      0
        short  2@100  3@105  stop_loss  -50
        """,
    ),
    case(
        "a reversal without a stop has none",
        """
        #  open  high  low  close  entry  stop  target
        0   100   101   99    100  long     90     110
        1   100   101   99    100  short     -       -
        2   100   150   60    100  -         -       -

        side   in     out    reason       pnl
        long   1@100  2@100  reverse        0
        short  2@100  2@100  end_of_data    0
        """,
    ),
    case(
        "a reversal can reach its target on its first candle",
        """
        #  open  high  low  close  entry  target
        0   100   101   99    100  short       -
        1   100   101   99    100  long      110
        2   100   112   99    105  -           -

        side   in     out    reason       pnl
        short  1@100  2@100  reverse        0
        long   2@100  2@110  take_profit  100
        """,
    ),
    case(
        "a reversal can be stopped on its first candle",
        """
        #  open  high  low  close  entry  stop
        0   100   101   99    100  long      -
        1   100   101   99    100  short   102
        2   100   103   99    100  -         -

        side   in     out    reason     pnl
        long   1@100  2@100  reverse      0
        short  2@100  2@102  stop_loss  -20
        """,
    ),
    case(
        "an open beyond the stop still reverses: the open comes before the stop",
        """
        #  open  high  low  close  entry  stop
        0   100   101   99    100  long     95
        1   100   101   99    100  short     -
        2    90    91   79     80  -         -

        side   in     out   reason       size  pnl
        long   1@100  2@90  reverse        10  -100
        short  2@90   2@80  end_of_data    10   100
        """,
    ),
    case(
        "a long stopped in the candle of the short signal only enters at the next open",
        """
        #  open  high  low  close  entry  stop
        0   100   101   99    100  long     95
        1   100   101   94     95  short     -
        2    95    96   89     90  -         -

        side   in     out   reason       size  pnl
        long   1@100  1@95  stop_loss      10  -50
        short  2@95   2@90  end_of_data    10   50
        """,
    ),
    case(
        "reversed twice is long again",
        """
        #  open  high  low  close  entry
        0   100   101   99    100  long
        1   100   101   99    100  short
        2   100   101   99    100  long
        3   100   111   99    110  -

        side   in     out    reason       pnl
        long   1@100  2@100  reverse        0
        short  2@100  3@100  reverse        0
        long   3@100  3@110  end_of_data  100
        """,
    ),
]
