"""Executors: where episodes run. Each fulfils `trad.training.executor.Executor`."""
