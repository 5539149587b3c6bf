"""`make quality QUALITY_ARGS="lighthouse --runs 1 --only home"`. Without words: all, into docs/quality.md."""

import argparse
import datetime as dt
import os
import sys
from pathlib import Path

CHECKS = ("lighthouse", "looks", "html", "weight")


def main() -> None:
    wanted = arguments()
    django_ready(demo=wanted.demo)
    from quality import report
    from quality.checks import run
    from quality.shop import Shop, opened

    asked = {"checks": wanted.checks, "runs": wanted.runs, "only": wanted.only, "cpu": wanted.cpu}
    if wanted.url:
        results = run(Shop(wanted.url.rstrip("/"), Path(wanted.data)), **asked)
    else:
        with opened(demo=wanted.demo) as shop:
            results = run(shop, **asked)
    text = report.written(results, words=" ".join(sys.argv[1:]), at=dt.datetime.now(dt.UTC))
    if wanted.print or set(wanted.checks) != set(CHECKS) or wanted.only:
        print(f"\n{text}")
    else:
        report.TARGET.write_text(text, encoding="utf-8")
        print(f"docs/{report.TARGET.name} is written")
    missed = [miss for result in results for miss in result.misses]
    print("\n".join([*(f"missed: {miss}" for miss in missed), f"{len(missed)} goals missed"]))
    sys.exit(1 if missed else 0)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m quality", description=__doc__)
    parser.add_argument("checks", nargs="*", metavar="check", help=f"of {', '.join(CHECKS)}")
    parser.add_argument("--demo", choices=("small", "full"), default="small", help="its goods")
    parser.add_argument("--runs", type=int, default=3, help="of Lighthouse; the median counts")
    parser.add_argument("--cpu", type=float, default=4, help="how slow Lighthouse's phone is")
    parser.add_argument("--only", nargs="*", default=[], help="pages for Lighthouse: home …")
    parser.add_argument("--url", default="", help="an open shop instead of one that is started")
    parser.add_argument("--data", default=".data", help="the DATA_DIR of that shop")
    parser.add_argument("--print", action="store_true", help="leave docs/quality.md as it is")
    wanted = parser.parse_args()
    if unknown := set(wanted.checks) - set(CHECKS):
        parser.error(f"no such check: {', '.join(sorted(unknown))}")
    wanted.checks = wanted.checks or list(CHECKS)
    return wanted


def django_ready(*, demo: str) -> None:
    """So that addresses can be told by their names in urls.py. No database is asked."""
    import django

    os.environ |= {"DJANGO_SETTINGS_MODULE": "shop.settings", "SECRET_KEY": "x" * 50, "DEMO": demo}
    os.environ.pop("DEBUG", None)
    given = os.environ.pop("DATABASE_URL", "")
    os.environ["DATABASE_URL"] = "postgres://127.0.0.1/none"
    django.setup()
    del os.environ["DATABASE_URL"], os.environ["SECRET_KEY"]
    if given:
        os.environ["DATABASE_URL"] = given


if __name__ == "__main__":
    main()
