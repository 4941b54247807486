"""Ports for what a test serves, and serves again later: each worker draws from its own, the product from others."""

import os

from escale.stack import addresses

EACH = 2_000
FIRST = 10_000
WORKERS = 5


def free_ports(count: int) -> list[int]:
    """Ports of the loopback that nobody holds at this moment, all different; see ``stack.addresses``."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % WORKERS
    start = FIRST + worker * EACH
    return addresses.free_ports(count, range(start, start + EACH))
