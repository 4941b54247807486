"""The two ends of every parcel: the applicant at the register's address, and the post."""

from __future__ import annotations

from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.people.models import Post
from escale.ports.courier import Party


def applicant_party(case: Case) -> Party:
    """The applicant as sender or receiver of a parcel: the register's address is the one that counts."""
    summary = ledger.summary(case)
    address, name = summary["address"], ledger.full_name(summary)
    return Party(
        name=name,
        company=name,
        line1=address["line1"],
        line2=address.get("line2", ""),
        postcode=address["postcode"],
        city=address["city"],
        country=address["country"],
        phone=summary.get("phone") or case.post.phone,  # carriers ask for one: the post answers for who gave none
        email=summary["email"],
    )


def post_party(post: Post) -> Party:
    """The post as sender or receiver of a parcel."""
    return Party(
        name=post.name,
        company=post.name,
        line1=post.postal["line1"],
        line2=post.postal.get("line2", ""),
        postcode=post.postal["postcode"],
        city=post.postal["city"],
        country=post.postal["country"],
        phone=post.phone,
        email=post.email,
    )
