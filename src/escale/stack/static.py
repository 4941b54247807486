"""Static files collected once per state of the sources, shared by every stack of the checkout."""

import fcntl
import hashlib
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import escale
from escale.ui import design
from escale.ui.design import written

PACKAGE = Path(escale.__file__).parent
CHECKOUT = PACKAGE.parents[1]


def static_home(data_dir: Path) -> Path:
    """Folder of the collected files: ``build/static`` of a checkout, else the data folder."""
    return CHECKOUT / "build" / "static" if (CHECKOUT / "requirements.lock").is_file() else data_dir / "static"


def state_of_sources(mode: str = "demo") -> str:
    """A short digest that changes with the locked packages, with any static file of the product, with what its pages
    use of the design system and how it is kept, and with the mode: tests collect files without the manifest that the
    other modes read."""
    digest = hashlib.sha256(f"{mode} {written().digest}\n".encode())
    for name in ("design.py", "static_files.py"):
        digest.update(Path(design.__file__).with_name(name).read_bytes())
    lock = CHECKOUT / "requirements.lock"
    if lock.is_file():
        digest.update(lock.read_bytes())
    for path in sorted(_static_files()):
        stat = path.stat()
        digest.update(f"{path.relative_to(PACKAGE)} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:16]


def _static_files() -> Iterator[Path]:
    for folder in PACKAGE.rglob("static"):
        if folder.is_dir():
            yield from (path for path in folder.rglob("*") if path.is_file())


def collected(data_dir: Path, collect: Callable[[Path], None], *, mode: str = "demo") -> Path:
    """The folder that holds the collected static files, made by ``collect(folder)`` when the sources have changed.

    Two stacks that start together wait for each other; a collection that failed half-way is never taken for whole.
    """
    home = static_home(data_dir)
    home.mkdir(parents=True, exist_ok=True)
    target = home / state_of_sources(mode)
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (target / ".complete").exists():
            shutil.rmtree(target, ignore_errors=True)
            target.mkdir()
            collect(target)
            (target / ".complete").touch()
            _forget_older(home, target)
    return target


def _forget_older(home: Path, current: Path, days: float = 2.0) -> None:
    """Another stack may be serving an earlier collection: only those of other days go."""
    oldest = time.time() - days * 86400
    for path in home.iterdir():
        if path.is_dir() and path != current and path.stat().st_mtime < oldest:
            shutil.rmtree(path, ignore_errors=True)
