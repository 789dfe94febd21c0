"""The app of one page in a browser (`python -P -m tui.served LIBRARY`), started by `tui/serving.py`."""

from __future__ import annotations

import sys
from pathlib import Path

from tui import reach


def main() -> int:
    """Run the app over the library at the path given, showing only; return its exit code."""
    from index.library import Library
    from tui.app import create_app

    reach.show_only()
    library = Library.open(Path(sys.argv[1]))
    app = create_app(library, library.path)
    app.run()
    return app.return_code or 0


if __name__ == "__main__":
    sys.exit(main())
