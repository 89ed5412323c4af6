"""Training-time methods."""
