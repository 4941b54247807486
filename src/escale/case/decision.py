"""A rule's answer: the events it wants recorded. Where they lead is not for the rule to say."""

from __future__ import annotations

from dataclasses import dataclass

from escale.case.event import Event


class RuleRefused(Exception):
    """A rule says no. ``code`` is stable and maps to the user's words; ``rule`` is the id of the law's rule."""

    def __init__(self, code: str, *, rule: str = "", **facts: object) -> None:
        super().__init__(code)
        self.code, self.rule, self.facts = code, rule, facts


@dataclass(frozen=True, slots=True)
class Decision:
    """Events in the order they happened. Tracks, deadlines, effects and messages follow from the law."""

    events: tuple[Event, ...] = ()

    @classmethod
    def of(cls, *events: Event) -> Decision:
        return cls(events)
