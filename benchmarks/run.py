"""The benchmarks in an environment of their own: sets it up, then runs `python -m benchmarks` in it.

usage: python benchmarks/run.py [PART ...] [OPTIONS], or `quality [OPTIONS]` for `benchmarks.quality`; see
`--help`. The environment holds byline from this checkout and the engines that it is compared with.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
#: Inside the development environment, so that everything that is made lies in one folder.
ENVIRONMENT = CHECKOUT / ".venv" / "bench"
ENGINES = ("bm25s>=0.2", "ir-measures>=0.3", "numba>=0.60", "PyStemmer>=2.2", "tantivy>=0.25")


def python(environment: Path) -> Path:
    """Return the Python of a virtual environment."""
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def prepare(environment: Path) -> None:
    """Make the environment, or bring it up to date if what it should hold has changed."""
    stamp = environment / ".installed"
    wanted = hashlib.sha256("\n".join((*ENGINES, str(CHECKOUT))).encode())
    wanted.update((CHECKOUT / "pyproject.toml").read_bytes())
    if stamp.is_file() and stamp.read_text() == wanted.hexdigest():
        return
    print(f"byline: setting up {environment}", file=sys.stderr)
    venv.create(environment, with_pip=True, clear=True)
    pip = [str(python(environment)), "-m", "pip", "-q", "--disable-pip-version-check"]
    subprocess.run([*pip, "install", "-e", str(CHECKOUT), *ENGINES], check=True)
    stamp.write_text(wanted.hexdigest())


def main() -> int:
    """Prepare the environment and run the benchmarks there; return their exit code."""
    try:
        prepare(ENVIRONMENT)
    except subprocess.CalledProcessError as error:
        print(f"byline: the environment of the benchmarks could not be made: {error}", file=sys.stderr)
        return 2
    paths = os.pathsep.join(filter(None, (os.environ.get("PYTHONPATH"), str(CHECKOUT))))
    module, rest = "benchmarks", sys.argv[1:]
    if rest[:1] == ["quality"]:
        module, rest = "benchmarks.quality", rest[1:]
    command = [str(python(ENVIRONMENT)), "-P", "-m", module, *rest]
    try:
        return subprocess.run(command, env={**os.environ, "PYTHONPATH": paths}, check=False).returncode
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
