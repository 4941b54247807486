"""The people of a story: an applicant and agents, who act through pages alone."""

from escale.storyteller.people.desk import AgentWalk
from escale.storyteller.people.receiving import Receiving as ApplicantWalk
from escale.storyteller.people.visitor import Hands

__all__ = ["AgentWalk", "ApplicantWalk", "Hands"]
