"""Benchmarks: ratios measured side by side in one run (docs/performance.md). They are no tests."""
