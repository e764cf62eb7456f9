"""Rules 3 and 4: stop and target in one candle."""

from tests.unit.backtest.tables import case

CASES = [
    case(
        "both inside one candle: a long was stopped first",
        """
        #  open  high  low  close  entry  stop  target
        0   100   101   99    100  long     95     105
        1   100   101   99    100  -         -       -
        2   100   110   90    108  -         -       -

        side  in     out   reason     pnl
        long  1@100  2@95  stop_loss  -50
        """,
    ),
    case(
        "both inside one candle: a short was stopped first",
        """
        #  open  high  low  close  entry  stop  target
        0   100   101   99    100  short   105      95
        1   100   101   99    100  -         -       -
        2   100   110   90     92  -         -       -

        side   in     out    reason     pnl
        short  1@100  2@105  stop_loss  -50
        """,
    ),
    case(
        "both inside the entry candle: a long was stopped first",
        """
        #  open  high  low  close  entry  stop  target
        0   100   101   99    100  long     95     105
        1   100   110   90    108  -         -       -

        side  in     out   reason     pnl
        long  1@100  1@95  stop_loss  -50
        """,
    ),
    case(
        "both inside the entry candle: a short was stopped first",
        """
        #  open  high  low  close  entry  stop  target
        0   100   101   99    100  short   105      95
        1   100   110   90     92  -         -       -

        side   in     out    reason     pnl
        short  1@100  1@105  stop_loss  -50
        """,
    ),
    case(
        "a gap through the stop leaves no target to reach",
        """
        #  open  high  low  close  entry  stop  target
        0   100   101   99    100  long     95     105
        1   100   101   99    100  -         -       -
        2    90   110   89    108  -         -       -

        side  in     out   reason     pnl
        long  1@100  2@90  stop_loss  -100
        """,
    ),
    case(
        "a target already passed by the open is asked only after the stop inside the candle",
        """
        #  open  high  low  close  entry  stop  target
        0   100   101   99    100  long     95     105
        1   100   101   99    100  -         -       -
        2   108   110   90    100  -         -       -

        side  in     out   reason     pnl
        long  1@100  2@95  stop_loss  -50
        """,
    ),
    case(
        "a short's target already passed by the open is asked only after the stop inside the candle",
        """
        #  open  high  low  close  entry  stop  target
        0   100   101   99    100  short   105      95
        1   100   101   99    100  -         -       -
        2    92   110   90    100  -         -       -

        side   in     out    reason     pnl
        short  1@100  2@105  stop_loss  -50
        """,
    ),
    case(
        "a stop on the wrong side of the entry has been passed by the open",
        """
        #  open  high  low  close  entry  stop  target
        0   100   101   99    100  long    120     110
        1   100   130   90    100  -         -       -

        side  in     out    reason     pnl
        long  1@100  1@100  stop_loss    0
        """,
    ),
    case(
        "a stop that is not reached leaves the target its chance",
        """
        #  open  high  low  close  entry  stop  target
        0   100   101   99    100  long     95     105
        1   100   101   96    100  -         -       -
        2   100   106   96    100  -         -       -

        side  in     out    reason       pnl
        long  1@100  2@105  take_profit   50
        """,
    ),
]
