"""Rules 3 and 4, stops: inside the candle, at a gap, on the entry candle, and whose stop it is."""

from tests.unit.backtest.tables import case

CASES = [
    case(
        "a long's stop inside the candle fills at the stop",
        """
        #  open  high  low  close  entry  stop  equity
        0   100   101   99    100  long     95    1000
        1   100   101   98     99  -         -     990
        2    99   100   90     97  -         -     950
        3    97    98   96     97  -         -     950

        side  in     out   reason     pnl
        long  1@100  2@95  stop_loss  -50
        """,
    ),
    case(
        "a short's stop inside the candle fills at the stop",
        """
        #  open  high  low  close  entry  stop  equity
        0   100   101   99    100  short   105    1000
        1   100   102   99    101  -         -     990
        2   101   110  100    103  -         -     950
        3   103   104  102    103  -         -     950

        side   in     out    reason     pnl
        short  1@100  2@105  stop_loss  -50
        """,
    ),
    case(
        "a low that touches the stop is enough",
        """
        #  open  high  low  close  entry  stop
        0   100   101   99    100  long     95
        1   100   101   98     99  -         -
        2    99   100   95     97  -         -
        3    97    98   96     97  -         -

        side  in     out   reason
        long  1@100  2@95  stop_loss
        """,
    ),
    case(
        "a high that touches a short's stop is enough",
        """
        #  open  high  low  close  entry  stop
        0   100   101   99    100  short   105
        1   100   102   99    101  -         -
        2   101   105  100    103  -         -
        3   103   104  102    103  -         -

        side   in     out    reason
        short  1@100  2@105  stop_loss
        """,
    ),
    case(
        "a low just above the stop is not enough",
        """
        #  open  high    low  close  entry  stop
        0   100   101     99    100  long     95
        1   100   101  95.01     97  -         -

        side  in     out   reason
        long  1@100  1@97  end_of_data
        """,
    ),
    case(
        "a high just below a short's stop is not enough",
        """
        #  open    high  low  close  entry  stop
        0   100     101   99    100  short   105
        1   100  104.99   99    103  -         -

        side   in     out    reason
        short  1@100  1@103  end_of_data
        """,
    ),
    case(
        "a gap through a long's stop fills at the open",
        """
        #  open  high  low  close  entry  stop
        0   100   101   99    100  long     95
        1   100   101   98     99  -         -
        2    90   100   89     97  -         -

        side  in     out   reason     pnl
        long  1@100  2@90  stop_loss  -100
        """,
    ),
    case(
        "a gap through a short's stop fills at the open",
        """
        #  open  high  low  close  entry  stop
        0   100   101   99    100  short   105
        1   100   102   99    101  -         -
        2   110   111  100    103  -         -

        side   in     out    reason     pnl
        short  1@100  2@110  stop_loss  -100
        """,
    ),
    case(
        "an open exactly at the stop fills there",
        """
        #  open  high  low  close  entry  stop
        0   100   101   99    100  long     95
        1   100   101   98     99  -         -
        2    95   100   90     97  -         -

        side  in     out   reason
        long  1@100  2@95  stop_loss
        """,
    ),
    case(
        "the entry candle can stop a long",
        """
        #  open  high  low  close  entry  stop  equity
        0   100   101   99    100  long     95    1000
        1   100   109   94    108  -         -     950
        2   108   109  107    108  -         -     950

        side  in     out   reason     pnl
        long  1@100  1@95  stop_loss  -50
        """,
    ),
    case(
        "the entry candle can stop a short",
        """
        #  open  high  low  close  entry  stop  equity
        0   100   101   99    100  short   105    1000
        1   100   106   91     92  -         -     950
        2    92    93   91     92  -         -     950

        side   in     out    reason     pnl
        short  1@100  1@105  stop_loss  -50
        """,
    ),
    case(
        "a long whose open is already below its stop leaves at that open",
        """
        #  open  high  low  close  entry  stop  equity
        0   100   101   99    100  long     95    1000
        1    90    99   89     98  -         -    1000

        side  in    out   reason     pnl
        long  1@90  1@90  stop_loss    0
        """,
    ),
    case(
        "a short whose open is already above its stop leaves at that open",
        """
        #  open  high  low  close  entry  stop  equity
        0   100   101   99    100  short   105    1000
        1   110   111  101    102  -         -    1000

        side   in     out    reason     pnl
        short  1@110  1@110  stop_loss    0
        """,
    ),
    case(
        "a stop waits as long as it takes",
        """
        #  open  high  low  close  entry  stop
        0   100   101   99    100  long     80
        1   100   120   99    115  -         -
        2   115   116   95    100  -         -
        3   100   101   81     85  -         -
        4    85    86   79     84  -         -

        side  in     out   reason     pnl
        long  1@100  4@80  stop_loss  -200
        """,
    ),
    case(
        "stops of candles without an entry mean nothing",
        """
        #  open  high  low  close  entry  stop
        0   100   101   99    100  long      -
        1   100   101   99    100  -        99
        2   100   101   90    100  -        95
        3   100   101   90    100  -         -

        side  in     out    reason
        long  1@100  3@100  end_of_data
        """,
    ),
    case(
        "without a stop a long falls as far as it falls",
        """
        #  open  high  low  close  entry  equity
        0   100   101   99    100  long     1000
        1   100   101    1      2  -          20
        2     2   101    1    100  -        1000

        side  in     out    reason       pnl
        long  1@100  2@100  end_of_data    0
        """,
    ),
    case(
        "the next entry has the stop of its own signal",
        """
        #  open  high  low  close  entry  exit  stop
        0   100   101   99    100  long   -       95
        1   100   101   99    100  -      yes      -
        2   100   101   99    100  long   -       90
        3   100   101   93    100  -      -        -
        4   100   101   89    100  -      -        -

        side  in     out    reason     pnl
        long  1@100  2@100  signal       0
        long  3@100  4@90   stop_loss  -100
        """,
    ),
    case(
        "the next entry does not inherit a stop",
        """
        #  open  high  low  close  entry  exit  stop
        0   100   101   99    100  long   -       95
        1   100   101   99    100  -      yes      -
        2   100   101   99    100  long   -        -
        3   100   101   80    100  -      -        -

        side  in     out    reason
        long  1@100  2@100  signal
        long  3@100  3@100  end_of_data
        """,
    ),
    case(
        "the signal of the stopped candle enters again with its own stop",
        """
        #  open  high  low  close  entry  stop
        0   100   101   99    100  long     95
        1   100   101   94     95  long     85
        2    95    96   90     95  -         -
        3    95    96   84     95  -         -

        side  in     out   reason     size  pnl
        long  1@100  1@95  stop_loss    10   -50
        long  2@95   3@85  stop_loss    10  -100
        """,
    ),
    case(
        "after its stop a position does not come back by itself",
        """
        #  open  high  low  close  entry  exit  stop  equity
        0   100   101   99    100  long   -       95    1000
        1   100   101   94     95  -      yes      -     950
        2    95   120   94    110  -      -        -     950
        3   110   120   94    110  -      -        -     950

        side  in     out   reason
        long  1@100  1@95  stop_loss
        """,
    ),
    case(
        "an exit at the open comes before a stop that the open has passed",
        """
        #  open  high  low  close  entry  exit  stop
        0   100   101   99    100  long   -       95
        1   100   101   99    100  -      yes      -
        2    90    91   89     90  -      -        -

        side  in     out   reason
        long  1@100  2@90  signal
        """,
    ),
    case(
        "an exit at the open comes before the stop inside the candle",
        """
        #  open  high  low  close  entry  exit  stop
        0   100   101   99    100  short  -      105
        1   100   101   99    100  -      yes      -
        2   102   110  101    105  -      -        -

        side   in     out    reason
        short  1@100  2@102  signal
        """,
    ),
    case(
        "a stop on the last candle comes before the end of the data",
        """
        #  open  high  low  close  entry  stop
        0   100   101   99    100  long     95
        1   100   101   99    100  -         -
        2   100   101   94     99  -         -

        side  in     out   reason
        long  1@100  2@95  stop_loss
        """,
    ),
]
