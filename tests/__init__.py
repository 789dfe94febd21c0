"""Tests of byline; the folders mirror its packages."""

import os

# As the command does, and before numpy is loaded: threads for small matrices take longer than the matrices.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
