"""Whoosh finds what byline had loaded later, whoever came first."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import process_environment

FIRST_BYLINE = """
import sys, index
from whoosh.query import terms
assert "variations" not in vars(sys.modules["whoosh.lang.morph_en"])
words = terms.variations("render")
assert {"render", "rendering", "rendered"} <= set(words)
from whoosh.lang import morph_en
assert morph_en.variations("render") == words
assert vars(morph_en)["variations"] is morph_en.variations
"""
FIRST_WHOOSH = """
from whoosh.query import terms
from whoosh.lang import morph_en
import sys, index
assert sys.modules["whoosh.lang.morph_en"] is morph_en
assert "rendering" in terms.variations("render")
"""


@pytest.mark.parametrize("code", [FIRST_BYLINE, FIRST_WHOOSH])
def test_words_of_whoosh_are_there_when_they_are_asked_for(code: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", code], env=process_environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
