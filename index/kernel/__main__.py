"""`python -m index.kernel`: compiles the innermost loops with the system's C compiler."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from index.kernel import COMPILED, SOURCES, Kernel

#: No contraction of sums and products: numpy makes none, and scores are to be equal to the last bit.
FLAGS = ("-O3", "-std=gnu11", "-ffp-contract=off", "-shared", "-fPIC")


def compiler() -> list[str] | None:
    """Return the command of the C compiler, None if there is none; the variable CC names another."""
    for name in filter(None, (os.environ.get("CC"), "cc", "gcc", "clang")):
        command = shlex.split(name)
        if command and shutil.which(command[0]):
            return command
    return None


def build(target: Path, command: list[str]) -> None:
    """Compile the loops to `target`, at once or not at all, and see that they can be loaded.

    Raises `OSError` or `AttributeError` if they cannot, `CalledProcessError` if the compiler fails.
    """
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        made = Path(folder) / target.name
        # What this very machine can do, where the compiler knows how to ask for it.
        for extra in (["-march=native"], []):
            done = subprocess.run(
                [*command, *FLAGS, *extra, *map(str, SOURCES), "-o", str(made)],
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode == 0:
                break
        done.check_returncode()
        Kernel(made)
        made.replace(target)


def main() -> int:
    """Compile the loops; return the exit code, 2 if that cannot be done."""
    command = compiler()
    if command is None:
        print("byline: no C compiler: install cc, gcc or clang; all works without", file=sys.stderr)
        return 2
    try:
        build(COMPILED, command)
    except subprocess.CalledProcessError as error:
        print(f"byline: {command[0]} failed: {error.stderr.strip()}", file=sys.stderr)
        return 2
    except (OSError, AttributeError) as error:
        print(f"byline: the compiled loops cannot be used: {error}", file=sys.stderr)
        return 2
    print(f"byline: compiled {COMPILED}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
