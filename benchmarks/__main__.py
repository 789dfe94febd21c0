"""`python -m benchmarks`: runs the parts that are asked for, prints their tables, writes them on request."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks import report
from benchmarks.app import app
from benchmarks.batch import batch
from benchmarks.build import build
from benchmarks.files import files
from benchmarks.floor import floor
from benchmarks.growth import growth
from benchmarks.opening import opening
from benchmarks.passages import passages
from benchmarks.process import process
from benchmarks.profiles import profiles
from benchmarks.queries import queries
from benchmarks.ranking import ranking
from benchmarks.report import Section
from benchmarks.research import research
from benchmarks.rivals import ENGINES, missing
from benchmarks.setup import Setup
from benchmarks.updating import updating
from benchmarks.users import users
from benchmarks.words import words

PARTS: dict[str, Callable[[Setup], Section]] = {
    "build": build,
    "users": users,
    "files": files,
    "queries": queries,
    "floor": floor,
    "ranking": ranking,
    "opening": opening,
    "updating": updating,
    "process": process,
    "app": app,
    "batch": batch,
    "research": research,
    "growth": growth,
    "words": words,
    "passages": passages,
    "profiles": profiles,
}
#: What is run only when asked for, and not written to the page.
_ASKED_FOR = ("profiles",)

FULL = Setup(
    work=Path(),
    engines=tuple(ENGINES),
    articles=215_780,
    small=21_578,
    files=19_000,
    rounds=3,
    queries=200,
    updates=1000,
    sizes=(2_000, 20_000, 100_000, 300_000, 1_000_000),
)
#: Everything once, in a few seconds: to see that it runs, not to measure.
QUICK = replace(
    FULL,
    articles=300,
    small=200,
    files=40,
    rounds=1,
    queries=10,
    updates=10,
    sizes=(50, 300),
    options=" --quick",
)


def arguments() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser("benchmarks/run.py", description=__doc__)
    parser.add_argument(
        "parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)}; all but the last without any"
    )
    parser.add_argument(
        "--engines", default="", help=f"of {', '.join(ENGINES)}; all that are installed without it"
    )
    parser.add_argument("--corpus", type=Path, help="a JSONL file with `title` and `text` (.gz too)")
    parser.add_argument("--articles", type=int, help="size of the corpus, which is grown to it if need be")
    parser.add_argument("--rounds", type=int, help="how often everything is measured")
    parser.add_argument("--jobs", type=int, help="build with so many processes or threads only")
    parser.add_argument("--queries", type=int, help="how many queries of each kind are asked")
    parser.add_argument("--updates", type=int, help="how many articles are changed")
    parser.add_argument("--sizes", help="sizes of the growing library, such as 2000,20000")
    parser.add_argument("--work", type=Path, help="keep corpora and indexes here and use them again")
    parser.add_argument("--quick", action="store_true", help="a small run, to see that everything works")
    parser.add_argument("--write", action="store_true", help=f"write the tables to docs/{report.PAGE.name}")
    return parser


def setup_of(given: argparse.Namespace, work: Path) -> Setup:
    """Return what to measure. Raises `ValueError` for names of engines that nobody knows or has."""
    setup = QUICK if given.quick else FULL
    names = [name for name in given.engines.split(",") if name]
    if unknown := [name for name in names if name not in ENGINES]:
        raise ValueError(f"no such engine: {', '.join(unknown)}; there are {', '.join(ENGINES)}")
    for name in names or ENGINES:
        if lacking := missing(name):
            message = f"{name} needs {', '.join(lacking)}, which is not installed"
            if names:
                raise ValueError(message)
            print(f"left out: {message}", file=sys.stderr)
    chosen = tuple(name for name in names or ENGINES if not missing(name))
    changes = {
        name: value
        for name in ("articles", "rounds", "queries", "updates", "jobs")
        if (value := getattr(given, name))
    }
    if given.sizes:
        changes["sizes"] = tuple(int(size) for size in given.sizes.split(","))
    options = "".join(f" --{name} {value}" for name, value in changes.items() if name != "sizes")
    options += f" --engines {given.engines}" if given.engines else ""
    options += f" --sizes {given.sizes}" if given.sizes else ""
    options += f" --corpus {given.corpus.name}" if given.corpus else ""
    return replace(
        setup, work=work, engines=chosen, source=given.corpus, options=setup.options + options, **changes
    )


def main(line: Sequence[str] | None = None) -> int:
    """Run the benchmarks; return the exit code, 2 if the command line makes no sense."""
    given = arguments().parse_args(line)
    if unknown := [part for part in given.parts if part not in PARTS]:
        print(f"no such part: {', '.join(unknown)}; there are {', '.join(PARTS)}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="byline-bench-") as folder:
        work = given.work or Path(folder)
        work.mkdir(parents=True, exist_ok=True)
        try:
            setup = setup_of(given, work.resolve())
        except ValueError as error:
            print(error, file=sys.stderr)
            return 2
        for part in given.parts or (name for name in PARTS if name not in _ASKED_FOR):
            began = time.perf_counter()
            section = PARTS[part](setup)
            print(f"## {part}\n\n{section.text}\n", flush=True)
            print(f"{part}: {time.perf_counter() - began:.0f} s", file=sys.stderr)
            if given.write and part not in _ASKED_FOR:
                report.put(section)
    return 0


if __name__ == "__main__":
    sys.exit(main())
