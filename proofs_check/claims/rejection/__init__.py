"""Sampling from a softmax policy with draws from the base model (FMR25, Algorithm SoftmaxSampler)."""

MODULES = ("ideal", "truncated", "softmax_sampler", "best_of")
