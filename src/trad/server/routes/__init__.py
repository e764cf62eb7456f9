"""The routes under `/api`, a module for each kind of thing."""
