"""The service: wiring concrete parts together, and running jobs."""
