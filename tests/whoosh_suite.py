"""Run Whoosh's own test files with segments of arrays as the default codec, beside a run with the stock one.

    python tests/whoosh_suite.py FOLDER [--exact-lengths] [ARGUMENTS FOR PYTEST]

FOLDER holds the `test_*.py` of Whoosh's source distribution, or is one such file. Prints how many tests pass
with each codec and names those that pass with the stock codec only; exit code 1 if there are any (but for
those that read stock files byte by byte), 2 if a run did not come to its end. Stock segments round the
lengths of fields to one of 256 values; so that scores can be compared, this script rounds the lengths of
arrays in the same way, unless `--exact-lengths` is given.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[1]
#: Set in the runs with arrays: how lengths are read, `exact` or `rounded`.
LENGTHS = "BYLINE_SUITE_LENGTHS"
#: Tests of the bytes of stock segments, which no other format can pass; named, but not counted as failures.
OF_STOCK_FILES = {
    "test_codecs::test_corrupt_postings_block_raises_clear_error": "damages the stock file of postings",
    "test_codecs::test_tiny_blocks_stored_uncompressed_round_trip": "counts the stock codec's calls of zlib",
}


def main() -> int:
    """Run both; return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0], allow_abbrev=False)
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--exact-lengths", action="store_true", help="do not round the lengths of fields")
    options, for_pytest = parser.parse_known_args()
    if not options.folder.exists():
        parser.error(f"no folder or file at {options.folder}")
    folder, lengths = options.folder.resolve(), "exact" if options.exact_lengths else "rounded"
    stock = outcomes("stock", folder, "", for_pytest)
    arrays = outcomes("arrays", folder, lengths, for_pytest)
    worse = [test for test, how in stock.items() if how == "passed" != arrays.get(test)]
    for test in worse:
        reason = f" (not counted: {OF_STOCK_FILES[test]})" if test in OF_STOCK_FILES else ""
        print(f"{arrays.get(test, 'not run')} with arrays, passed with the stock codec: {test}{reason}")
    count = sum(test not in OF_STOCK_FILES for test in worse)
    print(f"{count} tests pass with the stock codec only")
    return int(count > 0)


def outcomes(codec: str, folder: Path, lengths: str, for_pytest: list[str]) -> dict[str, str]:
    """Return how each test ended with a codec, in a process and a folder of their own."""
    with tempfile.TemporaryDirectory() as place:
        report, settings = Path(place, "report.xml"), Path(place, "pytest.ini")
        settings.write_text("[pytest]\nmarkers =\n    thread_unsafe\n")
        Path(place, "sitecustomize.py").write_text("import tests.whoosh_suite\n")
        command = [sys.executable, "-P", "-m", "pytest", str(folder), "-c", str(settings), "-q"]
        command += [f"--rootdir={place}", f"--junitxml={report}", "-p", "no:cacheprovider", *for_pytest]
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
        if lengths:
            paths = (place, str(CHECKOUT), environment.get("PYTHONPATH", ""))
            environment |= {LENGTHS: lengths, "PYTHONPATH": os.pathsep.join(paths)}
        used = subprocess.run(
            [sys.executable, "-P", "-c", "import whoosh.codec as c; print(type(c.default_codec()).__name__)"],
            env=environment, stdout=subprocess.PIPE, text=True, check=False,
        ).stdout.strip()  # fmt: skip
        if not used or (used == "ArrayCodec") != bool(lengths):
            stop(f"the run with {codec} would use {used or 'nothing'}")
        done = subprocess.run(command, cwd=place, env=environment, stdout=sys.stderr, check=False)
        if done.returncode not in (0, 1) or not report.exists():
            stop(f"the run with {codec} ended with exit code {done.returncode}")
        cases = ET.parse(report).getroot().iter("testcase")
        found = {f"{case.get('classname')}::{case.get('name')}": outcome(case) for case in cases}
    counts = Counter(found.values())
    print(f"{codec}: " + ", ".join(f"{counts[kind]} {kind}" for kind in sorted(counts)), flush=True)
    return found


def stop(message: str) -> None:
    """End the script: a comparison would say nothing."""
    print(message, file=sys.stderr)
    raise SystemExit(2)


def outcome(case: ET.Element) -> str:
    """Return how a test of a report ended."""
    kinds = {part.tag for part in case}
    if kinds & {"error", "failure"}:
        return "failed"
    return "skipped" if "skipped" in kinds else "passed"


def install() -> None:
    """Make arrays the default codec of this process."""
    import whoosh.codec

    from index.codec.whoosh_codec import ArrayCodec

    whoosh.codec.default_codec = lambda *args, **kwargs: ArrayCodec()
    if os.environ[LENGTHS] == "rounded":
        round_lengths()


def round_lengths() -> None:
    """Make the readers of arrays hand out lengths as stock segments keep them: as one of 256 values."""
    from whoosh.util.numeric import byte_to_length, length_to_byte

    from index.codec import whoosh_documents, whoosh_reader

    def rounded(method: Any) -> Any:
        return lambda *args, **kwargs: byte_to_length(length_to_byte(method(*args, **kwargs)))

    documents = ("doc_field_length", "min_field_length", "max_field_length")
    for owner, names in (
        (whoosh_documents.ArrayPerDocumentReader, documents),
        (whoosh_reader.ArrayMatcher, ("block_min_length", "block_max_length")),
    ):
        for name in names:
            setattr(owner, name, rounded(getattr(owner, name)))


if __name__ == "__main__":
    sys.exit(main())
elif LENGTHS in os.environ:  # a process of the run with arrays, whoever started it
    install()
