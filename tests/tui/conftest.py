"""A library of the seed articles for the tests of the app: three of its stories have copies."""

from __future__ import annotations

import pytest

from index.library import Library
from tests.conftest import CHECKOUT


@pytest.fixture(scope="session")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Library:
    library = Library.create(tmp_path_factory.mktemp("seeds") / "library")
    library.update([CHECKOUT / "seeds"])
    return library
