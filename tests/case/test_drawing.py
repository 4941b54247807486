"""docs/journey.md is what the tables say, and the law needs no framework."""

import subprocess
import sys
from pathlib import Path

from escale.case import drawing

PAGE = Path(__file__).parents[2] / "docs" / "journey.md"

BLOCKED = """
import sys
class Wall:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"django", "httpx", "sqlite3", "socket"}:
            raise ImportError(name)
sys.meta_path.insert(0, Wall())
import importlib, pkgutil, escale.case
for module in pkgutil.iter_modules(escale.case.__path__):
    importlib.import_module(f"escale.case.{module.name}")
"""


def test_the_page_is_drawn_from_the_tables():
    assert PAGE.read_text(encoding="utf-8") == drawing.render(), "run: python -m escale.case.drawing > docs/journey.md"


def test_the_law_is_importable_without_django_or_network():
    done = subprocess.run([sys.executable, "-c", BLOCKED], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
