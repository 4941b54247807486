"""Where each site answers: from the environment, from numbers, or on ports that are free right now."""

import os
import random
import socket
from collections.abc import Mapping
from dataclasses import dataclass, fields
from urllib.parse import urlsplit

from escale.stack.errors import StackError

BIND = "127.0.0.1"
DEFAULTS = {
    "portal": "http://127.0.0.1:8000",
    "reception": "http://127.0.0.1:8001",
    "desk": "http://127.0.0.1:8002",
    "simulators": "http://127.0.0.1:8100",
}
DEFAULT_SMTP_PORT = 8125
QUIET_PORTS = range(20_000, 32_768)
"""Below the ports that Linux, macOS and Windows hand out to connections: one of those may be taken by a connection of
anybody between the moment it is found free and the moment its server starts."""


@dataclass(frozen=True)
class Addresses:
    """Base URL of every site, without a final slash, and the port where the simulated mail server listens."""

    portal: str
    reception: str
    desk: str
    simulators: str
    smtp_port: int

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Addresses":
        """The addresses of ``escale run``. Raises StackError for an address that cannot be used."""
        given = os.environ if environment is None else environment
        smtp = given.get("ESCALE_SMTP_PORT", str(DEFAULT_SMTP_PORT))
        if not smtp.isdecimal() or not 0 < int(smtp) < 65536:
            raise StackError(f"ESCALE_SMTP_PORT must be a port number between 1 and 65535, not {smtp!r}.")
        urls = {name: given.get(variable(name), default).rstrip("/") for name, default in DEFAULTS.items()}
        for name, url in urls.items():
            port_of(url, variable(name))
        return cls(**urls, smtp_port=int(smtp))

    @classmethod
    def from_ports(cls, ports: Mapping[str, int]) -> "Addresses":
        """Loopback addresses on the given ports; keys are ``portal reception desk simulators smtp``."""
        wanted = {*DEFAULTS, "smtp"}
        if set(ports) != wanted:
            raise StackError(f"Ports are wanted for {', '.join(sorted(wanted))}; given: {', '.join(sorted(ports))}.")
        return cls(**{name: f"http://{BIND}:{ports[name]}" for name in DEFAULTS}, smtp_port=ports["smtp"])

    @classmethod
    def free(cls) -> "Addresses":
        """Loopback addresses on ports that nobody listens on at this moment."""
        names = [*DEFAULTS, "smtp"]
        return cls.from_ports(dict(zip(names, free_ports(len(names)), strict=True)))

    @property
    def urls(self) -> dict[str, str]:
        """Base URL by site name."""
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name in DEFAULTS}

    @property
    def ports(self) -> dict[str, int]:
        """Port by site name, and ``smtp``."""
        return {**{name: port_of(url, name) for name, url in self.urls.items()}, "smtp": self.smtp_port}

    def environment(self) -> dict[str, str]:
        """What every process of the stack reads."""
        return {**{variable(name): url for name, url in self.urls.items()}, "ESCALE_SMTP_PORT": str(self.smtp_port)}

    def check_free(self) -> None:
        """Raise StackError when a port is taken, naming it and the way out."""
        seen: dict[int, str] = {}
        for name, port in self.ports.items():
            setting = variable(name)
            if port in seen:
                raise StackError(f"{setting} and {seen[port]} both ask for port {port}: give one of them another.")
            seen[port] = setting
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind((BIND, port))
                except OSError as error:
                    example = str(port + 1000) if name == "smtp" else f"http://{BIND}:{port + 1000}"
                    raise StackError(
                        f"Port {port} ({name}) cannot be used: {error.strerror}. Stop the program that holds it, "
                        f"or choose another address, for example {setting}={example}."
                    ) from error


def free_ports(count: int, among: range = QUIET_PORTS) -> list[int]:
    """Ports of the loopback that nobody holds at this moment, all different, drawn by chance so that two programs
    that look at once find others. Raises StackError when too few are free."""
    found: list[int] = []
    for port in random.sample(among, len(among)):
        if len(found) == count:
            return found
        with socket.socket() as probe:
            try:
                probe.bind((BIND, port))
            except OSError:
                continue
        found.append(port)
    if len(found) == count:
        return found
    raise StackError(f"Of the ports {among.start} to {among.stop - 1}, {len(found)} are free, and {count} are wanted.")


def variable(name: str) -> str:
    """The environment variable that moves a site, or the mail port."""
    return "ESCALE_SMTP_PORT" if name == "smtp" else f"ESCALE_{name.upper()}_URL"


def port_of(url: str, name: str) -> int:
    """The port of a base URL. Raises StackError when the URL is not http(s)://host[:port]."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = None, None
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname or parts.path:
        raise StackError(f"{name} must look like http://127.0.0.1:8000, not {url!r}.")
    return port or (443 if parts.scheme == "https" else 80)
