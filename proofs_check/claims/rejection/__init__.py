"""Sampling from a softmax policy with draws from the base model (FMR25, Algorithm SoftmaxSampler)."""

MODULES = ("ideal", "truncated", "softmax_sampler", "sampler_mixture", "sampler_gap", "best_of")
