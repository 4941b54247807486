"""``escale …``: one word per room. Each command is a thin call to the room's own ``main(arguments)``.

Rooms are named by dotted path and imported only when asked for, so that ``escale worker`` does not pay for the photo
check, and so that a room that is not installed gives a sentence instead of a traceback.
"""

import argparse
import importlib
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import django
from django.core.management import execute_from_command_line


@dataclass(frozen=True)
class Command:
    """One word of the command line: the room it opens (``module`` or ``module:function``), and whether with Django."""

    room: str
    help: str
    django: bool = True


COMMANDS = {
    "run": Command("escale.stack.command", "start the three sites, the worker and the simulators", django=False),
    "journey": Command("escale.storyteller.command", "play the whole journey over HTTP and tell it here", django=False),
    "inhabit": Command("escale.storyteller.crowd", "people the running demonstration with twenty cases", django=False),
    "worker": Command("escale.worker.loop", "send what waits, act on what is due"),
    "migrate": Command("django:migrate", "bring the database to the present tables"),
    "demo": Command("escale.people.load", "load the posts, agents and citizens of the demonstration"),
    "clock": Command("escale.stack.hour", "show or advance the virtual clock", django=False),
    "keys": Command("escale.vault.rotation", "say which master keys are in use, wrap every case's key anew"),
    "verify": Command("escale.ledger.verify", "prove that the audit chain of one or all cases is whole"),
    "backup": Command("escale.stack.backup", "copy the database, restore a copy, rehearse both"),
    "anchor": Command("escale.stack.anchoring", "keep where the chains stand, signed, outside the database"),
    "partners": Command("escale.partners.reach", "say where each partner is looked for and whether it answers"),
    "simulate": Command("escale.simulation.command", "a year of many posts: agents, queues, delays", django=False),
    "messages": Command("escale.ui.messages", "check and compile the translations", django=False),
    "photo": Command("escale.inspection.commands:main_photo", "check a portrait against the norms", django=False),
    "mrz": Command("escale.inspection.commands:main_mrz", "read the machine zone of a passport page", django=False),
    "trust": Command("escale.stack.trust", "the trust list of sealed proofs: its age, a fresher one", django=False),
    "manage": Command("django:", "Django's own management commands"),
}


class RoomMissingError(Exception):
    """The room of a command is not part of this installation."""


def parser() -> argparse.ArgumentParser:
    """The words of the command line, for ``--help`` and for a word that does not exist."""
    top = argparse.ArgumentParser(prog="escale", description="Renew a French passport from abroad.")
    words = top.add_subparsers(dest="command", metavar="command", required=True)
    for name, command in COMMANDS.items():
        words.add_parser(name, help=command.help, add_help=False)
    return top


def entrance(command: Command) -> Callable[[list[str]], int | None]:
    """The ``main`` of a room, or the function it names. Raises RoomMissingError when the room does not exist here."""
    module, _, function = command.room.partition(":")
    try:
        room = importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name and f"{module}.".startswith(f"{error.name}."):
            raise RoomMissingError(module) from error
        raise
    if not hasattr(room, function or "main"):
        raise RoomMissingError(f"{module}.{function or 'main'}")
    return getattr(room, function or "main")


def main(arguments: Sequence[str] | None = None) -> int:
    """Open the room named by the first word with the others. Returns the exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or words[0] not in COMMANDS:
        parser().parse_args(words)  # --help, or the list of what exists: never comes back
    name, rest = words[0], words[1:]
    command = COMMANDS[name]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "escale.config.settings")
    if command.room.startswith("django:"):
        verb = command.room.removeprefix("django:")
        execute_from_command_line([f"escale {name}", *([verb] if verb else []), *rest])
        return 0
    try:
        if command.django:
            django.setup()
        return entrance(command)(rest) or 0
    except RoomMissingError as missing:
        print(f"escale {name}: not part of this installation ({missing} is missing)", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
