"""The stack itself: prepare the data, start every process, wait until all answer, stop them all."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from escale.stack.addresses import BIND, Addresses
from escale.stack.errors import StackError
from escale.stack.process import Child, stop_all
from escale.stack.readiness import answers, listens, wait_until
from escale.stack.static import collected

SITES = ("portal", "reception", "desk")
SETTINGS = "escale.config.settings"
SIMULATOR_SETTINGS = "escale.config.simulator_settings"
SITE_APPLICATION = "escale.config.wsgi:application"
SIMULATORS_APPLICATION = "escale.config.simulators_wsgi:application"
# A site may fail once or twice while the database is being opened by all of them at once.
PATIENCE_WITH_ERRORS = 15

Ports = Literal["auto"] | Mapping[str, int] | Addresses


class Stack:
    """Every process of the product, on one machine, over one data folder.

    ``ports`` is ``"auto"`` (free ports), a mapping ``portal reception desk simulators smtp`` → number, or Addresses.
    ``environment`` is added to what the processes read. ``threads`` is the number of requests each site serves at
    once; without ``worker`` nothing is sent nor falls due; without ``demo`` the database stays empty. Logs are
    ``<data_dir>/log/<name>.log``.
    """

    def __init__(
        self,
        data_dir: Path | str,
        ports: Ports = "auto",
        *,
        environment: Mapping[str, str] | None = None,
        mode: str = "demo",
        threads: int = 4,
        worker: bool = True,
        demo: bool = True,
        patience: float = 60.0,
        grace: float = 10.0,
    ) -> None:
        self.data_dir = Path(data_dir).resolve()
        self.addresses = _addresses(ports)
        self.mode = mode
        self.threads = threads
        self.with_worker = worker
        self.with_demo = demo
        self.patience = patience
        self.grace = grace
        self.children: dict[str, Child] = {}
        self._extra = dict(environment or {})

    # --- what others read ---

    @property
    def urls(self) -> dict[str, str]:
        """Base URL by site: ``portal reception desk simulators``."""
        return self.addresses.urls

    @property
    def environment(self) -> dict[str, str]:
        """What every process of this stack reads; for a command that must see the same data."""
        return {
            **os.environ,
            "PYTHONUNBUFFERED": "1",
            "DJANGO_SETTINGS_MODULE": SETTINGS,
            "ESCALE_MODE": self.mode,
            "ESCALE_DATA_DIR": str(self.data_dir),
            **self.addresses.environment(),
            **self._extra,
        }

    def log(self, name: str) -> Path:
        """Log file of a process, or of a preparation step."""
        return self.data_dir / "log" / f"{name}.log"

    # --- life ---

    def start(self) -> Self:
        """Prepare and start everything; come back when all answer. Raises StackError, with nothing left running."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        self.addresses.check_free()
        for old in self.data_dir.glob("log/*.log"):
            old.unlink()
        try:
            self.prepare()
            for child in self._plan():
                self.children[child.name] = child
                child.start()
            self.wait_ready()
        except BaseException:
            self.stop()
            raise
        return self

    def prepare(self) -> None:
        """Collect static files, migrate the database and load the demonstration."""
        static = collected(self.data_dir, self._collect, mode=self.mode)
        self._extra["ESCALE_STATIC_ROOT"] = str(static)
        self.run("migrate", "migrate", "--noinput", "-v0")
        if self.with_demo:
            self.run("demo", "demo", "load")

    def run(self, step: str, *arguments: str) -> None:
        """Run one ``escale …`` command over this stack's data. Raises StackError with the end of its output."""
        log = self.log(step)
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as output:
            status = subprocess.run(
                [sys.executable, "-m", "escale", *arguments],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            ).returncode
        if status:
            tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
            raise StackError(f"`escale {' '.join(arguments)}` failed (status {status}). {log} ends with:\n{tail}")

    def wait_ready(self, names: Sequence[str] | None = None) -> None:
        """Wait until the named processes (all by default) answer. Raises StackError when one ended or stays silent."""
        wanted = set(self.children if names is None else names)
        checks: dict[str, Callable[[], bool]] = {
            name: _Healthy(url, self.child(name)) for name, url in self.urls.items() if name in wanted
        }
        if "simulators" in wanted:
            checks["smtp"] = lambda: listens(BIND, self.addresses.smtp_port)
        wait_until(checks, seconds=self.patience, watch=self._refuse_dead)

    def stop(self) -> None:
        """Stop every process and everything it started. May be called twice."""
        stop_all(list(self.children.values()), self.grace)

    def kill(self, name: str, number: signal.Signals | int = signal.SIGKILL) -> None:
        """Send a signal to one process and everything it started; after SIGKILL, come back when it is gone."""
        child = self.child(name)
        child.send(number)
        if number == signal.SIGKILL:
            child.wait(5)

    def restart(self, name: str) -> None:
        """Stop one process if it still runs, start it again and wait until it answers."""
        child = self.child(name)
        child.stop(self.grace)
        child.start()
        self.wait_ready([name])

    def child(self, name: str) -> Child:
        """A process by name: ``portal reception desk simulators worker``."""
        if name not in self.children:
            raise StackError(f"No process is called {name!r} here; there are: {', '.join(self.children) or 'none'}.")
        return self.children[name]

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # --- within ---

    def _plan(self) -> list[Child]:
        """The processes in the order of their start: partners first, for the sites call them."""
        simulators = self._server(SIMULATORS_APPLICATION, self.addresses.ports["simulators"], 8)
        plan = [self._child("simulators", simulators, settings=SIMULATOR_SETTINGS)]
        for site in SITES:
            server = self._server(SITE_APPLICATION, self.addresses.ports[site], self.threads)
            plan.append(self._child(site, server))
        if self.with_worker:
            plan.append(self._child("worker", [sys.executable, "-m", "escale", "worker"]))
        return plan

    def _child(self, name: str, command: Sequence[str], settings: str = SETTINGS) -> Child:
        environment = {**self.environment, "DJANGO_SETTINGS_MODULE": settings}
        return Child(name, command, environment=environment, log=self.log(name))

    def _server(self, application: str, port: int, threads: int) -> list[str]:
        return [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"),
            *("--host", BIND, "--port", str(port), "--workers", "1", "--blocking-threads", str(threads)),
            *("--log-level", "warning", "--workers-kill-timeout", "5"),
            application,
        ]

    def _collect(self, folder: Path) -> None:
        self._extra["ESCALE_STATIC_ROOT"] = str(folder)
        self.run("collectstatic", "manage", "collectstatic", "--noinput", "-v0")

    def _refuse_dead(self) -> None:
        for child in self.children.values():
            if child.status is not None:
                raise StackError(
                    f"{child.name} ended (status {child.status}). {child.log} ends with:\n{child.last_words()}"
                )


def _addresses(ports: Ports) -> Addresses:
    if isinstance(ports, Addresses):
        return ports
    return Addresses.free() if ports == "auto" else Addresses.from_ports(ports)


class _Healthy:
    """Whether a site answers its health page. Raises StackError when it answers that it is broken, again and again."""

    def __init__(self, url: str, child: Child) -> None:
        self.url = url
        self.child = child
        self.refusals = 0

    def __call__(self) -> bool:
        status = answers(self.url)
        if status is not None and status < 500:
            return True
        self.refusals += status is not None
        if self.refusals >= PATIENCE_WITH_ERRORS:
            child = self.child
            raise StackError(f"{child.name} answers with status {status}. {child.log} ends with:\n{child.last_words()}")
        return False
