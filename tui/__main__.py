"""`python -m tui` is the command `byline`."""

import sys

from tui.start import start

if __name__ == "__main__":
    sys.exit(start())
