"""Measures the shop on the machine at hand: `make bench BENCH_ARGS="catalogue --skus 100000"`.

Nothing here is a test: the figures say something about one machine in one hour. `docs/benchmarks.md`
holds what was measured, where and how.
"""
