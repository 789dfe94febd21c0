"""Whoosh's own test files against segments of arrays, if the environment says where those files are."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = os.environ.get("BYLINE_WHOOSH_TESTS", "")


@pytest.mark.timeout(1200)
@pytest.mark.skipif(not FOLDER, reason="BYLINE_WHOOSH_TESTS names no folder of Whoosh's own tests")
def test_no_test_of_whoosh_fails_that_passes_with_the_stock_codec(tmp_path: Path) -> None:
    script = Path(__file__).resolve().parents[2] / "whoosh_suite.py"
    done = subprocess.run(
        [sys.executable, "-P", str(script), str(Path(FOLDER).resolve())],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "stock: " in done.stdout
    assert "\n0 tests pass with the stock codec only" in done.stdout
