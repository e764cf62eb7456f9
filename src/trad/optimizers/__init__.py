"""Optimizers: they propose a strategy's configurations, and may learn from the scores of earlier ones."""
