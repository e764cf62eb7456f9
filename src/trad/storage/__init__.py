"""Where jobs and their episodes are kept: a database for every day, memory for tests and short runs."""
