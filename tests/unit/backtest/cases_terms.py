"""Terms of trading, beyond the cases on the page: mirrored, at their edges, and together."""

from tests.unit.backtest.tables import case

from trad.backtest.terms import Terms

COSTS = [
    case(
        "a rebate is paid to the maker at the target",
        """
        #  open  high  low  close  entry  target  equity
        0   100   101   99    100  short      90    1000
        1   100   101   89     92  -           -  1094.5

        side   in     out   reason       pnl   fees
        short  1@100  1@90  take_profit  94.5   5.5
        """,
        fee=0.01,
        terms=Terms(maker_fee=-0.005),
    ),
    case(
        "a fee by the unit is paid at a stop and at an open alike",
        """
        #  open  high  low  close  entry  exit  stop
        0   100   101   99    100  long   -       95
        1   100   101   90     96  -      -        -
        2   100   101   99    100  short  -        -
        3  94.6    96   94     95  -      yes      -
        4  94.6    96   94     95  -      -        -

        side   in      out     reason     size  fees
        long   1@100   1@95    stop_loss    10     4
        short  3@94.6  4@94.6  signal       10     4
        """,
        cash=1_000,
        terms=Terms(fee_per_unit=0.2),
    ),
    case(
        "slippage by the range ends at the candle's high and low",
        """
        #  open  high  low  close  entry  exit
        0   100   101   99    100  short  -
        1   100   104   98    100  -      yes
        2   100   103   90    100  -      -

        side   in    out    reason  pnl
        short  1@98  2@103  signal  -50
        """,
        cash=980,
        terms=Terms(range_slippage=1.0),
    ),
    case(
        "slippage by the range makes a stop worse, and a target not",
        """
        #  open  high  low  close  entry  stop  target
        0   100   100  100    100  long     95       -
        1   100   100  100    100  -         -       -
        2   100   102   92    100  long      -     110
        3   100   100  100    100  -         -       -
        4   100   120  100    118  -         -       -

        side  in     out    reason
        long  1@100  2@94   stop_loss
        long  3@100  4@110  take_profit
        """,
        terms=Terms(range_slippage=0.1),
    ),
]

CARRY = [
    case(
        "shorts receive what longs pay",
        """
        #  open  high  low  close  entry  equity
        0   100   101   99    100  short    1000
        1   100   101   99    100  -        1000
        2   100   101   99    100  -        1010
        3   100   101   99    100  -        1020

        side   in     out    reason       pnl  fees
        short  1@100  3@100  end_of_data   20   -20
        """,
        terms=Terms(funding_rate=0.01, funding_hours=1.0),
    ),
    case(
        "who enters at a funding time pays nothing, who leaves there pays",
        """
        #  open  high  low  close  entry  exit
        0   100   101   99    100  -      -
        1   100   101   99    100  long   -
        2   100   101   99    100  -      -
        3   100   101   99    100  -      yes
        4   100   101   99    100  -      -

        side  in     out    reason  pnl  fees
        long  2@100  4@100  signal  -10    10
        """,
        terms=Terms(funding_rate=0.01, funding_hours=2.0),
    ),
    case(
        "longs pay no interest on what they own",
        """
        #  open  high  low  close  entry
        0   100   101   99    100  long
        1   100   101   99    100  -
        2   100   101   99    100  -

        side  in     out    reason       pnl  fees
        long  1@100  2@100  end_of_data    0     0
        """,
        terms=Terms(borrow_rate=9.0),
    ),
]

LEVERAGE = [
    case(
        "a short is liquidated above, at the open where a gap has passed the level",
        """
        #  open  high  low  close  entry
        0   100   101   99    100  short
        1   100   101   99    100  -
        2   125   126  124    125  -

        side   in     out    reason      size  pnl
        short  1@100  2@125  liquidated    10  -250
        """,
        terms=Terms(leverage=5.0, maintenance_margin=0.01),
    ),
    case(
        "a stop that is nearer comes first",
        """
        #  open  high  low  close  entry  stop
        0   100   101   99    100  long     85
        1   100   101   99    100  -         -
        2    95    96   70     94  -         -

        side  in     out   reason
        long  1@100  2@85  stop_loss
        """,
        terms=Terms(leverage=5.0, maintenance_margin=0.01),
    ),
    case(
        "a stop beyond the level is never reached",
        """
        #  open  high  low  close  entry  stop
        0   100   101   99    100  long     75
        1   100   101   99    100  -         -
        2    95    96   70     94  -         -

        side  in     out   reason
        long  1@100  2@81  liquidated
        """,
        terms=Terms(leverage=5.0, maintenance_margin=0.01),
    ),
]

MOVING_STOPS = [
    case(
        "a trailing stop counts in the entry candle, from the entry price",
        """
        #  open  high  low  close  entry
        0   100   101   99    100  long
        1   100   120   89    118  -

        side  in     out   reason
        long  1@100  1@90  trailing_stop
        """,
        terms=Terms(trailing_stop=0.1),
    ),
    case(
        "a trailing stop follows a short downwards and stays there",
        """
        #  open  high  low  close  entry
        0   100   101   99    100  short
        1   100   101   80     85  -
        2    85    87   84     86  -
        3    86    89   85     88  -

        side   in     out   reason         pnl
        short  1@100  3@88  trailing_stop  120
        """,
        terms=Terms(trailing_stop=0.1),
    ),
    case(
        "the signal's own stop counts where it is nearer, and gives its reason",
        """
        #  open  high  low  close  entry  stop
        0   100   101   99    100  long     95
        1   100   101   94    100  -         -

        side  in     out   reason
        long  1@100  1@95  stop_loss
        """,
        terms=Terms(trailing_stop=0.1),
    ),
    case(
        "a gap past the entry price fills a break-even stop at the open",
        """
        #  open  high  low  close  entry
        0   100   101   99    100  short
        1   100   101   94     96  -
        2   103   104   99    100  -

        side   in     out    reason      pnl
        short  1@100  2@103  break_even  -30
        """,
        terms=Terms(break_even=0.05),
    ),
    case(
        "a candle's own high does not move the stop that its low hits",
        """
        #  open  high  low  close  entry
        0   100   101   99    100  long
        1   100   110   99    100  -
        2   100   101   99    100  -

        side  in     out    reason
        long  1@100  2@100  break_even
        """,
        terms=Terms(break_even=0.05),
    ),
]

TIME = [
    case(
        "the same signal at the last open enters anew",
        """
        #  open  high  low  close  entry
        0   100   101   99    100  long
        1   100   101   99    100  -
        2   100   101   99    100  long
        3   110   111  109    110  -
        4   110   111  109    110  -

        side  in     out    reason
        long  1@100  3@110  time_stop
        long  3@110  4@110  end_of_data
        """,
        terms=Terms(time_stop=2),
    ),
    case(
        "a reversal at that open keeps its reason",
        """
        #  open  high  low  close  entry
        0   100   101   99    100  long
        1   100   101   99    100  -
        2   100   101   99    100  short
        3   110   111  109    110  -

        side   in     out    reason
        long   1@100  3@110  reverse
        short  3@110  3@110  end_of_data
        """,
        terms=Terms(time_stop=2),
    ),
]

LIMITS = [
    case(
        "an order at the close of a short, filled where the price is touched",
        """
        #  open  high  low  close  entry
        0   100   101   99    100  short
        1    98   100   95     96  -

        side   in     out   reason
        short  1@100  1@96  end_of_data
        """,
        terms=Terms(limit_offset=0.0),
    ),
    case(
        "a first open beyond the price is taken at once, for the usual fee",
        """
        #  open  high  low  close  entry
        0   100   101   99    100  long
        1    90    91   89     90  -

        side  in    out   reason       size  fees
        long  1@90  1@90  end_of_data    10    18
        """,
        cash=900,
        fee=0.01,
        terms=Terms(limit_offset=0.05, maker_fee=0.0),
    ),
    case(
        "a later open beyond the price fills as a maker, at that open",
        """
        #  open  high  low  close  entry
        0   100   101   99    100  long
        1   100   101   99    100  -
        2    90    91   89     90  -

        side  in    out   reason       size  fees
        long  2@90  2@90  end_of_data    10     9
        """,
        cash=900,
        fee=0.01,
        terms=Terms(limit_offset=0.05, limit_candles=2, maker_fee=0.0),
    ),
    case(
        "a later signal takes the order's place",
        """
        #  open  high  low  close  entry
        0   100   101   99    100  long
        1   100   110   99    110  short
        2   110   116   90    100  -

        side   in       out    reason
        short  2@115.5  2@100  end_of_data
        """,
        terms=Terms(limit_offset=0.05, limit_candles=9),
    ),
    case(
        "a flag to leave strikes the order off",
        """
        #  open  high  low  close  entry  exit
        0   100   101   99    100  long   -
        1   100   101   99    100  -      yes
        2   100   101   90    100  -      -

        no trades
        """,
        terms=Terms(limit_offset=0.05, limit_candles=9),
    ),
    case(
        "an opposite signal leaves at the open and waits with its own order",
        """
        #  open  high  low  close  entry
        0   100   101   99    100  long
        1   100   101   94     96  short
        2    97    98   90     92  -
        3    92   101   91    100  -

        side   in       out    reason
        long   1@95     2@97   reverse
        short  3@100.8  3@100  end_of_data
        """,
        terms=Terms(limit_offset=0.05, limit_candles=2),
    ),
]

SIDES = [
    case(
        "short alone: a long signal closes",
        """
        #  open  high  low  close  entry
        0   100   101   99    100  long
        1   100   101   99    100  short
        2   100   101   89     90  long
        3    90    91   89     90  -

        side   in     out   reason  pnl
        short  2@100  3@90  signal  100
        """,
        terms=Terms(sides="short"),
    ),
    case(
        "a refused signal strikes a waiting order off",
        """
        #  open  high  low  close  entry
        0   100   101   99    100  long
        1   100   101   99    100  short
        2   100   101   90    100  -

        no trades
        """,
        terms=Terms(sides="long", limit_offset=0.05, limit_candles=9),
    ),
]

CASES = [*COSTS, *CARRY, *LEVERAGE, *MOVING_STOPS, *TIME, *LIMITS, *SIDES]
