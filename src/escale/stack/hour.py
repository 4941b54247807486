"""``escale clock``: what hour it is in the demonstration, and moving it forward."""

import argparse
import re
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta

from escale import clock

UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def duration(text: str) -> timedelta:
    """``45m``, ``6h``, ``41d``, ``2w``, or several in a row: ``1d12h``."""
    if not re.fullmatch(r"(\d+[mhdw])+", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a duration such as 45m, 6h, 41d, 2w or 1d12h")
    return sum(
        (timedelta(**{UNITS[unit]: int(number)}) for number, unit in re.findall(r"(\d+)([mhdw])", text)), timedelta()
    )


def instant(text: str) -> datetime:
    """An ISO 8601 instant with its offset: ``2027-01-05T08:00+01:00``."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not an instant such as 2027-01-05T08:00+01:00") from None
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text!r} lacks its offset, such as +01:00 or Z")
    return moment


def main(arguments: Sequence[str] | None = None) -> int:
    """Show the virtual clock, or move it forward. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="escale clock", description="Show or advance the virtual clock.")
    words = parser.add_subparsers(dest="word", metavar="word")
    words.add_parser("show", help="what hour it is (the default)")
    words.add_parser("advance", help="move it forward by a duration").add_argument("by", type=duration)
    words.add_parser("to", help="move it forward to an instant").add_argument("moment", type=instant)
    options = parser.parse_args(arguments)
    try:
        if options.word == "advance":
            clock.advance(options.by)
        elif options.word == "to":
            clock.advance_to(options.moment)
    except clock.ClockRefused as refused:
        print(f"escale clock: {refused}", file=sys.stderr)
        return 1
    ahead = clock.offset()
    print(f"{clock.now():%Y-%m-%d %H:%M:%S} UTC" + (f", {ahead} ahead of this machine" if ahead else ""))
    return 0
