"""Addresses of the sites: read, checked, chosen."""

import socket
from pathlib import Path

import pytest

from escale.stack import Addresses, StackError
from escale.stack.addresses import free_ports


def test_without_anything_said_the_sites_have_their_usual_ports():
    assert Addresses.from_environment({}).ports == {
        "portal": 8000, "reception": 8001, "desk": 8002, "simulators": 8100, "smtp": 8125
    }  # fmt: skip


def test_an_address_of_the_environment_is_used_without_its_final_slash():
    addresses = Addresses.from_environment(
        {"ESCALE_DESK_URL": "http://desk.localhost:9002/", "ESCALE_SMTP_PORT": "2525"}
    )

    assert addresses.desk == "http://desk.localhost:9002"
    assert addresses.ports["desk"] == 9002
    assert addresses.ports["smtp"] == 2525


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("ESCALE_PORTAL_URL", "127.0.0.1:8000"),
        ("ESCALE_PORTAL_URL", "http://127.0.0.1:port"),
        ("ESCALE_PORTAL_URL", "http://127.0.0.1:8000/portal"),
        ("ESCALE_SMTP_PORT", "smtp"),
        ("ESCALE_SMTP_PORT", "70000"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_by_the_name_of_its_setting(setting: str, value: str):
    with pytest.raises(StackError, match=setting):
        Addresses.from_environment({setting: value})


def test_free_ports_are_free_and_all_different():
    addresses = Addresses.free()

    assert len(set(addresses.ports.values())) == 5
    addresses.check_free()


def test_a_taken_port_is_named_with_the_way_out():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        addresses = Addresses.from_ports({**Addresses.free().ports, "desk": port})

        with pytest.raises(StackError, match=rf"Port {port} \(desk\).*ESCALE_DESK_URL=http://127"):
            addresses.check_free()


def test_one_port_for_two_sites_is_refused():
    addresses = Addresses.from_ports(
        {"portal": 18000, "reception": 18000, "desk": 18002, "simulators": 18100, "smtp": 1}
    )

    with pytest.raises(StackError, match="ESCALE_RECEPTION_URL and ESCALE_PORTAL_URL both ask for port 18000"):
        addresses.check_free()


def test_a_forgotten_port_is_named():
    with pytest.raises(StackError, match="given: portal"):
        Addresses.from_ports({"portal": 18000})


def test_every_process_reads_the_addresses_from_its_environment():
    addresses = Addresses.free()

    assert Addresses.from_environment(addresses.environment()) == addresses


def test_drawn_ports_are_not_those_of_connections():
    range_file = Path("/proc/sys/net/ipv4/ip_local_port_range")
    lowest = int(range_file.read_text().split()[0]) if range_file.exists() else 32_768

    assert all(port < lowest for port in Addresses.free().ports.values())


def test_a_held_port_is_passed_over_and_too_few_are_told():
    [port] = free_ports(1)
    with socket.socket() as held:
        held.bind(("127.0.0.1", port))

        assert free_ports(1, range(port, port + 3)) != [port]
        with pytest.raises(StackError, match="0 are free, and 1 are wanted"):
            free_ports(1, range(port, port + 1))
