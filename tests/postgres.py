"""A PostgreSQL of our own for the time of one command: loopback, free port, a folder that is thrown away.

    python -m tests.postgres available          says whether the binaries are here; status 1 when not
    python -m tests.postgres run -- COMMAND …   runs the command with ESCALE_DATABASE_URL on a new cluster

initdb refuses to run as root, so root lends the cluster to the system user ``postgres``. Durability is off (fsync and
the like): the cluster does not outlive the command.
"""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.ports import free_ports

USER = "escale"
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "64MB"}


def binaries() -> Path | None:
    """Folder of initdb and postgres: the newest Debian keeps, else what PATH finds, else None."""
    kept = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if (path / "initdb").exists()]
    if kept:
        return max(kept, key=lambda path: int(path.parent.name) if path.parent.name.isdecimal() else 0)
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def missing() -> str | None:
    """Why no cluster can be made here, or None when it can."""
    if binaries() is None:
        return "PostgreSQL is not installed here: the suite ran on SQLite alone (Debian: apt-get install postgresql)"
    if os.getuid() == 0:
        if shutil.which("runuser") is None:
            return "PostgreSQL refuses to run as root and runuser is missing: the suite ran on SQLite alone"
        try:
            pwd.getpwnam("postgres")
        except KeyError:
            return "PostgreSQL refuses to run as root and there is no user postgres: the suite ran on SQLite alone"
    return None


def _as_owner(command: Sequence[str]) -> list[str]:
    return ["runuser", "-u", "postgres", "--", *command] if os.getuid() == 0 else list(command)


@contextlib.contextmanager
def cluster() -> Iterator[str]:
    """A running cluster; gives the URL of its empty database. Raises RuntimeError with the log when it cannot start."""
    folder = binaries()
    reason = missing()
    if reason is not None or folder is None:
        raise RuntimeError(reason)
    home = Path(tempfile.mkdtemp(prefix="escale-pg-"))
    try:
        if os.getuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(home, owner.pw_uid, owner.pw_gid)
        [port] = free_ports(1)
        init = [str(folder / "initdb"), "-D", str(home / "data"), "-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync"]
        subprocess.run(_as_owner([*init, "--locale=C.UTF-8"]), cwd="/", check=True, stdout=subprocess.DEVNULL)
        settings = {**FAST, "listen_addresses": "127.0.0.1", "port": str(port), "unix_socket_directories": str(home)}
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        control = [str(folder / "pg_ctl"), "-D", str(home / "data"), "-w"]
        log = home / "log"
        started = subprocess.run(
            _as_owner([*control, "-l", str(log), "-o", options, "start"]),
            cwd="/",
            stdout=subprocess.DEVNULL,
            check=False,
        )
        if started.returncode:
            raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text() if log.exists() else 'no log'}")
        try:
            yield f"postgresql://{USER}@127.0.0.1:{port}/postgres"
        finally:
            subprocess.run(
                _as_owner([*control, "-m", "immediate", "stop"]), cwd="/", stdout=subprocess.DEVNULL, check=False
            )
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _ask_to_stop(_number: int, _frame: object) -> None:
    raise SystemExit(143)


def main(arguments: Sequence[str]) -> int:
    """Entry of ``python -m tests.postgres``. Returns the exit status of the command that was run."""
    match list(arguments):
        case ["available"]:
            reason = missing()
            if reason:
                print(reason)
            return 1 if reason else 0
        case ["run", "--", *command] if command:
            signal.signal(signal.SIGTERM, _ask_to_stop)
            with cluster() as url:
                print("the suite on PostgreSQL", flush=True)
                return subprocess.run(command, env={**os.environ, "ESCALE_DATABASE_URL": url}, check=False).returncode
        case _:
            print(__doc__)
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
