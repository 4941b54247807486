"""``python -m escale …`` is ``escale …``."""

import sys

from escale.cli import main

if __name__ == "__main__":
    sys.exit(main())
