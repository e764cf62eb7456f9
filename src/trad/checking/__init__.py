"""Checking a strategy: whether it knows the future, keeps something between runs, or fails at the edges."""
