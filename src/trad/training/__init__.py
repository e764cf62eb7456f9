"""Training: jobs, episodes, the trainer, and the contracts it needs."""
