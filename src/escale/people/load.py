"""Load posts (reference data) and, in demonstration, the agents' directory. Repeating it changes nothing."""

from __future__ import annotations

import argparse
import json
from importlib.resources import files

from django.conf import settings
from django.db import transaction

from escale.people.models import Agent, Post


def load_posts() -> int:
    """Create missing posts; those a supervisor has changed are left as they are, but for what they lack."""
    rows = json.loads((files("escale") / "data" / "posts.json").read_text(encoding="utf-8"))
    with transaction.atomic():
        for row in rows:
            Post.objects.get_or_create(code=row["code"], defaults={k: v for k, v in row.items() if k != "designated"})
        for row in rows:
            Post.objects.filter(code=row["code"], region="").update(region=row["region"])
            if row["designated"]:
                Post.objects.filter(code=row["code"], designated__isnull=True).update(designated_id=row["designated"])
    return len(rows)


def load_demo_agents() -> int:
    """The invented agents of the demonstration. Refused in production."""
    if settings.PRODUCTION:
        raise RuntimeError("demonstration people are refused in production")
    rows = json.loads((files("escale") / "data" / "demo" / "agents.json").read_text(encoding="utf-8"))
    with transaction.atomic():
        for row in rows:
            Agent.objects.get_or_create(
                idp_id=row["idp_id"],
                sub=row["sub"],
                defaults={
                    "email": row["email"],
                    "given_name": row["given_name"],
                    "usual_name": row["usual_name"],
                    "post_id": row["post_code"] or None,
                    "role": row["role"],
                    "active": row.get("active", True),
                    "languages": row.get("languages", ["fr"]),
                },
            )
    return len(rows)


def main(argv: list[str]) -> int:
    """`escale demo load`: posts, agents."""
    parser = argparse.ArgumentParser(prog="escale demo", description="Load what the demonstration needs.")
    parser.add_argument("what", choices=["load"])
    parser.parse_args(argv)
    print(f"{load_posts()} posts, {load_demo_agents()} agents.")
    return 0
