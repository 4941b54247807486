"""What the model assumes. No public text gives these figures: they are ours, to be replaced by measured ones.

Shares are between 0 and 1, days are calendar days, minutes are an agent's. Every value can be changed from the command
line (``--set gate1_minutes=9``); the report repeats those in force.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace


class UnknownAssumption(ValueError):
    """No assumption has this name, or the value is not a number it can take."""


@dataclass(frozen=True, slots=True)
class Assumptions:
    """One value per thing that takes time or may go wrong."""

    # What an agent spends
    gate1_minutes: float = 12.0
    gate2_minutes: float = 6.0
    interview_minutes: float = 30.0  # twenty of talk, ten of buffer
    second_opinion_minutes: float = 15.0
    dispatch_minutes: float = 5.0
    agent_minutes_per_day: float = 360.0
    interview_share_of_day: float = 0.6  # at most: the rest of the day is kept for the other gates
    working_days: float = 220.0  # an agent's, in a year
    target_load: float = 0.85  # what staffing aims at when a post's number of agents is not given

    # What goes another way
    correction_share: float = 0.18
    refused_at_gate1_share: float = 0.02
    never_posts_share: float = 0.03
    replacement_share: float = 0.07
    no_show_share: float = 0.04
    technical_failure_share: float = 0.03
    second_opinion_share: float = 0.05
    refused_after_interview_share: float = 0.01
    forgets_a_duty_share: float = 0.01

    # What an applicant or a partner takes, on average
    correction_days: float = 4.0
    posting_days: float = 5.0
    mail_days: float = 3.0
    booking_lead_days: float = 2.0
    production_days: float = 9.0
    bag_days: float = 7.0
    delivery_days: float = 3.0
    confirming_days: float = 2.0
    returning_days: float = 6.0  # after delivery; reminders keep the tail short

    def with_values(self, settings: list[str]) -> Assumptions:
        """The same, changed by ``name=value`` texts. Raises UnknownAssumption with a sentence."""
        changed: dict[str, float] = {}
        names = {each.name for each in fields(self)}
        for setting in settings:
            name, _, value = setting.partition("=")
            if name not in names:
                raise UnknownAssumption(f"no assumption is called {name!r}; there are {', '.join(sorted(names))}")
            try:
                changed[name] = float(value)
            except ValueError:
                raise UnknownAssumption(f"{name} takes a number, not {value!r}") from None
            if changed[name] < 0 or (name.endswith("_share") and changed[name] > 1):
                raise UnknownAssumption(f"{name} cannot be {value}")
        return replace(self, **changed)

    def minutes_per_case(self) -> float:
        """Agent minutes that an average case costs, what is done twice counted twice."""
        again = self.no_show_share + self.technical_failure_share
        return (
            self.gate1_minutes * (1 + self.correction_share)
            + self.gate2_minutes * (1 + self.replacement_share)
            + self.interview_minutes * (1 + again)
            + self.second_opinion_minutes * self.second_opinion_share
            + self.dispatch_minutes
        )


# Share of a year's requests by month: people renew before the summer and the winter holidays.
MONTHS = (0.085, 0.085, 0.1, 0.11, 0.11, 0.1, 0.08, 0.055, 0.07, 0.075, 0.07, 0.06)
