"""The whole product on one machine: three sites, the worker, the simulators, started and stopped together.

``escale run`` uses it with fixed addresses; the journey runner and the browser tests use it as a library::

    with Stack(data_dir, ports="auto") as stack:
        httpx.get(stack.urls["portal"])
        stack.kill("worker", signal.SIGKILL)
        stack.restart("worker")
"""

from escale.stack.addresses import Addresses
from escale.stack.assembly import Stack
from escale.stack.errors import StackError

__all__ = ["Addresses", "Stack", "StackError"]
