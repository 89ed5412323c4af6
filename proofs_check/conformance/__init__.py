"""Implementations judged by exact answers, and the second source that confirms these."""
