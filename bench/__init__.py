"""The project's own measures: ratios taken in one run, never absolute times. See docs/benchmarks.md."""
