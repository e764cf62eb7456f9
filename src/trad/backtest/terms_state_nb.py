"""Where the terms of trading, and what they add to a simulation's state, stand in small arrays."""

# Places in `terms`, float64, as in `Terms`.
MAKER_FEE, FEE_PER_UNIT, RANGE_SLIPPAGE = range(3)
FUNDING_RATE, FUNDING_MS, BORROW_RATE = range(3, 6)
LEVERAGE, MAINTENANCE, TRAILING_STOP, BREAK_EVEN, TIME_STOP = range(6, 11)
LIMIT_OFFSET, LIMIT_CANDLES, ONE_SIDE = range(11, 14)
"""LEVERAGE and TIME_STOP are 0 for none, LIMIT_OFFSET is NO_LIMIT for none; ONE_SIDE is 0 for both."""
TERM_PLACES = 14

NO_LIMIT = -1.0

# Places in `held`, float64: what the position that is open, and the order that waits, add to `money`.
BEST, TRAIL, EVEN, LIQUIDATION, CARRY, SIGNALLED = range(6)
"""BEST is the best price of the candles that closed since entry; levels are prices, 0 for none; CARRY is what
funding and interest cost so far; SIGNALLED is the candle whose signal entered."""
ORDER_SIDE, ORDER_PRICE, ORDER_SIGNAL, INSIDE = range(6, 10)
"""ORDER_SIDE is 0 while none waits; INSIDE is 1 in the candle within which a limit order was filled."""
HELD_PLACES = 10
