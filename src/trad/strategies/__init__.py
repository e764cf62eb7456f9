"""Strategies: their declared parameters, the signals they return, how they are found and run."""
