"""The suite reaches nothing but this machine."""

import socket

import pytest

from conftest import is_loopback


@pytest.mark.parametrize(
    ("address", "stays"),
    [
        (("127.0.0.1", 80), True),
        (("127.9.9.9", 80), True),
        (("::1", 80, 0, 0), True),
        (("localhost", 80), True),
        ("/tmp/socket", True),
        (("192.0.2.1", 80), False),
        (("10.0.0.1", 80), False),
        (("::2", 80, 0, 0), False),
        (("example.org", 80), False),
    ],
)
def test_what_stays_on_the_machine(address: object, stays: bool):
    assert is_loopback(address) is stays


def test_a_connection_that_leaves_is_refused():
    with socket.socket() as line, pytest.raises(AssertionError, match="leave the machine"):
        line.connect(("192.0.2.1", 80))


def test_a_name_is_not_looked_up():
    with pytest.raises(AssertionError, match="leave the machine"):
        socket.getaddrinfo("example.org", 80)
