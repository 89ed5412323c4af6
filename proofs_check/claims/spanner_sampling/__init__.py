"""Why coverage is enough: SpannerSampling (FMR25 Thm 3.1)."""
