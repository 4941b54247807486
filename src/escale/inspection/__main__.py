"""``python -m escale.inspection photo check FILE…`` and ``python -m escale.inspection mrz FILE…``."""

from __future__ import annotations

import sys

from escale.inspection.commands import main_mrz, main_photo

_COMMANDS = {"photo": main_photo, "mrz": main_mrz}

if __name__ == "__main__":
    chosen = _COMMANDS.get(sys.argv[1]) if len(sys.argv) > 1 else None
    if chosen is None:
        print(f"usage: python -m escale.inspection {'|'.join(_COMMANDS)} …", file=sys.stderr)
        sys.exit(2)
    sys.exit(chosen(sys.argv[2:]))
