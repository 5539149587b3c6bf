"""`make bench BENCH_ARGS="pages --skus 10000"`. Each benchmark has a database of its own."""

import argparse

from benchmarks import catalogue, database, desk, imports, pages, recommend, scale, search
from benchmarks.checkout import placing
from benchmarks.checkout import run as checkout
from benchmarks.peers import run as peers


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    kinds = parser.add_subparsers(dest="kind", metavar="benchmark")
    one = kinds.add_parser("catalogue", help="load a catalogue of many SKUs")
    one.add_argument("--skus", type=int, default=100_000)
    one = kinds.add_parser("pages", help="ask for the storefront's pages")
    one.add_argument("--skus", type=int, default=1_200, help="how many the shop sells")
    one.add_argument("--seconds", type=float, default=10, help="per page, at most")
    one.add_argument("--requests", type=int, default=2_000, help="per page, at most")
    one.add_argument("--clients", type=int, default=8, help="at once")
    one.add_argument("--workers", type=int, default=2, help="web processes")
    one = kinds.add_parser("scale", help="ask one worker, two, and two servers")
    one.add_argument("--skus", type=int, default=1_200, help="how many the shop sells")
    one.add_argument("--seconds", type=float, default=10, help="for each")
    one.add_argument("--clients", type=int, default=8, help="at once")
    one = kinds.add_parser("placing", help="place orders, T1 alone")
    one.add_argument("--orders", type=int, default=400)
    one.add_argument("--threads", type=int, default=8)
    one = kinds.add_parser("checkout", help="whole guest checkouts beside a stock Oscar")
    one.add_argument("--clients", default="1,4,16,32", help="at once, by commas")
    one.add_argument("--seconds", type=float, default=20, help="for each")
    one.add_argument("--rounds", type=int, default=3, help="of each, both shops in turn")
    one.add_argument("--workers", type=int, default=2, help="web processes")
    one.add_argument("--buyers", type=int, default=500, help="who want the same product at once")
    one.add_argument("--orders", default="100000,1000000", help="orders of the past, by commas")
    one.add_argument("--write", action="store_true", help="put the tables into docs/benchmarks.md")
    one = kinds.add_parser("desk", help="the list of orders and its search, with a long past")
    one.add_argument("--orders", default="1000000", help="orders of the past, by commas")
    one.add_argument("--workers", type=int, default=2, help="web processes")
    one = kinds.add_parser("recommend", help="find held-out orders of the demo")
    one.add_argument("--size", choices=("small", "full"), default="full")
    one.add_argument("--seed", type=int, default=1)
    one = kinds.add_parser("search", help="find what written queries want")
    one.add_argument("--skus", type=int, default=0, help="so many, instead of the full demo")
    one.add_argument("--every", action="store_true", help="a line for each query")
    one = kinds.add_parser("imports", help="bring in a table of products, twice")
    one.add_argument("--rows", type=int, default=10_000)
    one.add_argument("--skus", type=int, default=1_200, help="how many the shop sells already")
    one = kinds.add_parser("peers", help="our shop beside a stock Oscar and a bare view")
    one.add_argument("--products", default="1000,20000,100000", help="sizes, by commas")
    one.add_argument("--minutes", type=float, default=20, help="about so long in total")
    one.add_argument("--clients", type=int, default=4, help="at once")
    one.add_argument("--workers", type=int, default=2, help="web processes")
    one.add_argument(
        "--stock-at-most",
        type=int,
        default=20_000,
        help="products of stock Oscar; more is left out",
    )
    one.add_argument("--quick", action="store_true", help="the first size alone, two minutes")
    one.add_argument("--keep", action="store_true", help="leave the databases for the next run")
    one.add_argument("--write", action="store_true", help="put the tables into docs/benchmarks.md")
    wanted = vars(parser.parse_args())
    kind = wanted.pop("kind")
    if kind is None:
        parser.print_help()
        return
    apart = {"peers": peers.run, "checkout": checkout.run, "desk": desk.run}
    if kind in apart:  # their databases are their own
        print(f"\n{apart[kind](**wanted)}")
        return
    run = {
        "catalogue": catalogue.run,
        "pages": pages.run,
        "scale": scale.run,
        "placing": placing.run,
        "recommend": recommend.run,
        "search": search.run,
        "imports": imports.run,
    }[kind]
    with database.throwaway():
        print(f"\n{run(**wanted)}")


if __name__ == "__main__":
    main()
