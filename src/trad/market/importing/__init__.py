"""Files of candles as other programs write them, understood and brought into one form."""
