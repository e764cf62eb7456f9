"""Rule 5: the same signal again changes nothing, and beside an exit it enters anew."""

from tests.unit.backtest.tables import case

CASES = [
    case(
        "the same signal again neither adds nor renews",
        """
        #  open  high  low  close  entry  equity
        0   100   101   99    100  long     1000
        1   100   101   99    100  long     1000
        2   110   111  109    110  long     1100
        3   120   121  119    120  long     1200
        4   130   131  129    130  -        1300

        side  in     out    reason       size  pnl
        long  1@100  4@130  end_of_data    10  300
        """,
    ),
    case(
        "the same short signal again neither adds nor renews",
        """
        #  open  high  low  close  entry  equity
        0   100   101   99    100  short    1000
        1   100   101   99    100  short    1000
        2    90    91   89     90  short    1100
        3    80    81   79     80  -        1200

        side   in     out   reason       size  pnl
        short  1@100  3@80  end_of_data    10  200
        """,
    ),
    case(
        "the same signal does not move the stop up",
        """
        #  open  high  low  close  entry  stop
        0   100   101   99    100  long     90
        1   100   111   99    110  long    105
        2   110   111  100    108  -         -
        3   108   109  107    108  -         -

        side  in     out    reason
        long  1@100  3@108  end_of_data
        """,
    ),
    case(
        "the same signal does not move the stop away",
        """
        #  open  high  low  close  entry  stop
        0   100   101   99    100  long     90
        1   100   101   95     96  long     50
        2    96    97   85     95  -         -

        side  in     out   reason     pnl
        long  1@100  2@90  stop_loss  -100
        """,
    ),
    case(
        "the same signal does not move the target",
        """
        #  open  high  low  close  entry  target
        0   100   101   99    100  short      80
        1   100   101   95     96  short      94
        2    96    97   79     85  -           -

        side   in     out   reason       pnl
        short  1@100  2@80  take_profit  200
        """,
    ),
    case(
        "the same signal gives no stop to a position without one",
        """
        #  open  high  low  close  entry  stop  target
        0   100   101   99    100  long      -       -
        1   100   101   99    100  long     95     105
        2   100   110   90    100  -         -       -

        side  in     out    reason       pnl
        long  1@100  2@100  end_of_data    0
        """,
    ),
    case(
        "an exit beside the same signal closes and enters anew at the same open",
        """
        #  open  high  low  close  entry  exit  equity
        0   100   101   99    100  long   -       1000
        1   100   101   99    100  long   yes     1000
        2   110   111  109    110  -      -       1100
        3   120   121  119    121  -      -       1210

        side  in     out    reason       size  pnl
        long  1@100  2@110  signal         10  100
        long  2@110  3@121  end_of_data    10  110
        """,
    ),
    case(
        "a short's exit beside the same signal closes and enters anew with the new stop",
        """
        #  open  high  low  close  entry  exit  stop
        0   100   101   99    100  short  -         -
        1   100   101   99    100  short  yes     130
        2   125   131  109    110  -      -         -

        side   in     out    reason     size  pnl
        short  1@100  2@125  signal       10  -250
        short  2@125  2@130  stop_loss     6   -30
        """,
    ),
]
