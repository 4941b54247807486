"""What the suite sets in the environment before any of the product is imported.

Loaded by pytest as its very first plugin (``-p tests.environment``), because Django's settings are read while
pytest starts. Each process of the suite gets a data folder of its own, removed when it ends.
"""

import atexit
import os
import shutil
import tempfile

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "escale.config.settings")
os.environ["ESCALE_MODE"] = "test"
_data = tempfile.mkdtemp(prefix="escale-test-")
os.environ["ESCALE_DATA_DIR"] = _data
# The hash of security numbers is slow on purpose; the suite checks hundreds.
os.environ.setdefault("ESCALE_ARGON2_MEMORY_KIB", "1024")
atexit.register(shutil.rmtree, _data, ignore_errors=True)
# Playwright runs an event loop in the thread of the test, which Django takes for asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
