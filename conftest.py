"""Rules for every test: no network save loopback, and an option to keep only what touches the database."""

import ipaddress
import socket
from collections.abc import Iterator

import pytest
from django.utils import translation

DATABASE_FIXTURES = {
    "db",
    "transactional_db",
    "django_db_reset_sequences",
    "django_db_serialized_rollback",
    "live_server",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database-only", action="store_true", help="keep only what a database can change")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    _long_files_first(items)
    if not config.getoption("--database-only"):
        return
    asked = [_touches_database(item) and not _asks_the_site_alone(item) for item in items]
    config.hook.pytest_deselected(items=[item for item, kept in zip(items, asked, strict=True) if not kept])
    items[:] = [item for item, kept in zip(items, asked, strict=True) if kept]


def _long_files_first(items: list[pytest.Item]) -> None:
    """A file handed out last keeps one worker busy while the other waits; the order drawn is kept otherwise."""
    long = {item.path for item in items if item.get_closest_marker("slow") or item.get_closest_marker("browser")}
    long -= {item.path for item in items if item.get_closest_marker("last")}
    items.sort(key=lambda item: (item.path not in long, item.get_closest_marker("last") is not None))


def _touches_database(item: pytest.Item) -> bool:
    return (
        item.get_closest_marker("django_db") is not None
        or item.get_closest_marker("postgres") is not None
        or not DATABASE_FIXTURES.isdisjoint(getattr(item, "fixturenames", ()))
    )


# Who may open what, which words a page says, what a picture shows, how many questions a page asks: a second database
# cannot answer otherwise, and asks as long. Pages meet PostgreSQL in a whole story (journeys/test_postgresql.py).
SITE_ALONE = (
    "_messages.py",
    "_page.py",
    "_pages.py",
    "_timeline.py",
    "_views.py",
    "desk/test_case_file.py",
    "desk/test_gate_one.py",
    "desk/test_gate_two.py",
    "portal/test_case.py",
    "portal/test_headline.py",
    "portal/test_help.py",
    "security/test_access.py",
    "steps/step3/test_print.py",
    "ui/test_session_end.py",
)


def _asks_the_site_alone(item: pytest.Item) -> bool:
    return item.path.as_posix().endswith(SITE_ALONE)


def is_loopback(address: object) -> bool:
    """Whether a socket address stays on this machine: a path, ``localhost``, 127.0.0.0/8 or ::1."""
    if not isinstance(address, tuple):
        return True
    host = str(address[0])
    if host in {"", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True, scope="session")
def closed_network() -> Iterator[None]:
    """Refuse every connection that leaves the machine, with the address in the message."""
    real_connect, real_connect_ex, real_getaddrinfo = (
        socket.socket.connect,
        socket.socket.connect_ex,
        socket.getaddrinfo,
    )

    def refuse(address: object) -> None:
        if not is_loopback(address):
            raise AssertionError(f"a test tried to leave the machine: {address!r}")

    def connect(self: socket.socket, address: object) -> None:
        refuse(address)
        return real_connect(self, address)

    def connect_ex(self: socket.socket, address: object) -> int:
        refuse(address)
        return real_connect_ex(self, address)

    def getaddrinfo(host: object, *args: object, **kwargs: object) -> object:
        if host is not None:
            refuse((host.decode() if isinstance(host, bytes) else host,))
        return real_getaddrinfo(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect)
        patch.setattr(socket.socket, "connect_ex", connect_ex)
        patch.setattr(socket, "getaddrinfo", getaddrinfo)
        yield


@pytest.fixture(autouse=True)
def _language_of_its_own() -> Iterator[None]:
    """A page asked for in English leaves English behind in its thread: the next test starts afresh."""
    yield
    translation.deactivate()
