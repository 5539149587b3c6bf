"""Our shop beside a stock Oscar and a bare Django view: the same goods, server, workers and client.

`make bench BENCH_ARGS="peers --products 1000,20000,100000"`. All sides are asked in turn, size after size,
so that what else the machine does falls on all of them.
"""
