"""Sampling from a softmax policy with draws from the base model (FMR25, Algorithm SoftmaxSampler)."""

MODULES = ("ideal", "softmax_sampler", "sampler_gap")
