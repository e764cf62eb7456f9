"""Candles: the immutable series, what makes one bad, and where they are read from and kept."""
