"""What may be posted, and when a label or a photo is good. Pure: facts in, findings or a decision out.

Sources: the poster, step 3 (the option « signature d’un adulte » makes the carrier cancel the request); arrêté du
27 avril 2017 (secure post, delivery in person); service-public F10619 (the photo).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from escale.case import events as e
from escale.case.carriers import CARRIERS, DEFAULT_CARRIER, Carrier, Tracking
from escale.case.decision import Decision, RuleRefused
from escale.inspection.address_match import Holder, Likeness, PostalAddress, compare_addresses, compare_names, words

OBJECTS = ("photo", "label", "new_passport", "old_passport")
HOLDERS = ("applicant", "courier", "post", "producer", "destroyed")
POSTED = ("photo", "label")

PHOTO_CHECKS = ("photo_present", "photo_same", "photo_norms")
LABEL_CHECKS = ("prepaid", "recipient", "address", "country", "one_passport", "no_forbidden_option", "validity")
CHECKS = PHOTO_CHECKS + LABEL_CHECKS

PREPARING = frozenset({"awaited", "replacement_requested"})
EXPECTING = frozenset({"awaited", "announced", "replacement_requested"})
WATCHED = frozenset({"announced", "verified"})
# MyDHL asks for at most eight readings of a shipment a day.
POLL_EVERY = timedelta(hours=3)


OTHER = "other"
# Labels of this carrier can be read by machine and made through its interface.
READABLE = frozenset({"dhl"})
# Days between the gate and the dispatch for which a label must still be good: booking, interview, production.
LIKELY_DISPATCH_DAYS = 45


def carrier(code: str) -> Carrier:
    """A carrier's data; one that no longer exists reads as the default one."""
    return CARRIERS.get(code, CARRIERS[DEFAULT_CARRIER])


def generates(code: str) -> bool:
    """Whether labels of this carrier can be made here."""
    return carrier(code).tracking is Tracking.API


def outbound_carriers(country: str) -> tuple[tuple[str, str], ...]:
    """Carriers an applicant may post with from a country: (code, name); any other one has the code ``other``."""
    known = tuple((one.code, one.name) for one in CARRIERS.values() if country in one.countries)
    return (*known, (OTHER, ""))


# Reasons an agent may give for asking again, by object. Their words are in ``reasons``.
REASONS: dict[str, tuple[str, ...]] = {
    "photo": ("photo_missing", "photo_not_conform", "photo_damaged", "photo_not_same", "refused_by_producer"),
    "label": (
        "label_missing",
        "adult_signature",
        "wrong_recipient",
        "wrong_address",
        "wrong_country",
        "not_prepaid",
        "label_expired",
        "several_passports",
        "label_unreadable",
        "courier_cancelled",
    ),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One check of a label. ``verdict``: ``ok``, ``no`` (it cannot be used), ``look`` (for the agent's eyes)."""

    check: str
    verdict: str
    why: str


@dataclass(frozen=True, slots=True)
class ReadLabel:
    """What was read on an imported label; ``adult_signature`` among yes, maybe, no, unreadable."""

    waybills: tuple[str, ...]
    adult_signature: str
    receiver: tuple[str, ...]
    text_readable: bool


@dataclass(frozen=True, slots=True)
class Expected:
    """To whom the label must be addressed: the applicant at the address of the register."""

    surnames: tuple[str, ...]
    given_names: str
    lines: tuple[str, ...]
    postcode: str
    city: str
    country: str

    def __repr__(self) -> str:
        return "Expected(•••)"


COUNTRY_NAMES: dict[str, frozenset[str]] = {
    "AU": frozenset({"AUSTRALIA", "AUSTRALIE"}),
    "CA": frozenset({"CANADA"}),
    "ES": frozenset({"SPAIN", "ESPAGNE", "ESPANA"}),
    "PT": frozenset({"PORTUGAL"}),
    "FR": frozenset({"FRANCE"}),
    "US": frozenset({"USA", "UNITED STATES", "ETATS UNIS", "UNITED STATES OF AMERICA"}),
    "GB": frozenset({"UNITED KINGDOM", "ROYAUME UNI", "GREAT BRITAIN"}),
    "DE": frozenset({"GERMANY", "ALLEMAGNE", "DEUTSCHLAND"}),
    "IT": frozenset({"ITALY", "ITALIE", "ITALIA"}),
    "BE": frozenset({"BELGIUM", "BELGIQUE"}),
    "CH": frozenset({"SWITZERLAND", "SUISSE"}),
    "NZ": frozenset({"NEW ZEALAND", "NOUVELLE ZELANDE"}),
}


def _squeezed(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text.upper())
    return "".join(character for character in bare if character.isalnum() and character.isascii())


def country_of(receiver: Iterable[str]) -> str:
    """The country a receiver's block names, as two letters, or empty: its name, else its code on a line of its own or
    after a postcode."""
    lines = [" ".join(words(line)) for line in receiver]
    for line in reversed(lines):
        for code, names in COUNTRY_NAMES.items():
            if any(line == name or line.endswith(f" {name}") for name in names):
                return code
    for line in reversed(lines):
        *before, last = line.split() or [""]
        # Alone, or after a postcode and a city: elsewhere two letters may be a State (« CA » for California).
        if last in COUNTRY_NAMES and (not before or any(character.isdigit() for character in before[0])):
            return last
    return ""


def examine_label(read: ReadLabel, expected: Expected) -> tuple[Finding, ...]:
    """Every check of a label that can be computed; the others are for the agent."""
    return (
        _waybill(read),
        _option(read),
        _recipient(read, expected),
        _address(read, expected),
        _country(read, expected),
    )


def _waybill(read: ReadLabel) -> Finding:
    if len(read.waybills) == 1:
        return Finding("one_passport", "ok", "one_waybill")
    if read.waybills:
        return Finding("one_passport", "look", "several_waybills")
    return Finding("waybill", "no", "waybill_unreadable")


def _option(read: ReadLabel) -> Finding:
    verdict, why = {
        "yes": ("no", "adult_signature"),
        "maybe": ("look", "adult_signature_maybe"),
        "no": ("ok", "no_adult_signature"),
    }.get(read.adult_signature, ("look", "label_without_text"))
    return Finding("no_forbidden_option", verdict, why)


def _recipient(read: ReadLabel, expected: Expected) -> Finding:
    if not read.receiver:
        return Finding("recipient", "look", "receiver_not_found")
    likeness = max(
        (compare_names(Holder(expected.surnames, expected.given_names), line) for line in read.receiver[:2]),
        key=lambda one: (Likeness.DIFFERENT, Likeness.NEAR, Likeness.SAME).index(one),
    )
    return {
        Likeness.SAME: Finding("recipient", "ok", "same_name"),
        Likeness.NEAR: Finding("recipient", "look", "near_name"),
        Likeness.DIFFERENT: Finding("recipient", "no", "other_name"),
    }[likeness]


def _address(read: ReadLabel, expected: Expected) -> Finding:
    if len(read.receiver) < 2:
        return Finding("address", "look", "receiver_not_found")
    block = " ".join(read.receiver)
    if _squeezed(expected.postcode) not in _squeezed(block):
        return Finding("address", "no", "other_postcode")
    city = expected.city if set(words(expected.city)) <= set(words(block)) else ""
    country = country_of(read.receiver) or expected.country
    ours = PostalAddress(expected.lines, expected.postcode, expected.city, expected.country)
    theirs = PostalAddress(read.receiver[1:], expected.postcode, city, country)
    likeness = compare_addresses(ours, theirs)
    return (
        Finding("address", "ok", "same_address")
        if likeness is Likeness.SAME
        else Finding("address", "look", "near_address")
    )


def _country(read: ReadLabel, expected: Expected) -> Finding:
    found = country_of(read.receiver)
    if not found:
        return Finding("country", "look", "country_not_found")
    return (
        Finding("country", "ok", "same_country")
        if found == expected.country
        else Finding("country", "no", "other_country")
    )


def refuse_unusable(findings: Iterable[Finding]) -> None:
    """Raise RuleRefused for the gravest reason when a label cannot be used."""
    against = {finding.why for finding in findings if finding.verdict == "no"}
    gravest = ("adult_signature", "other_country", "other_name", "other_postcode", "waybill_unreadable")
    for why in gravest:
        if why in against:
            raise RuleRefused(why, rule="affiche, étape 3" if why == "adult_signature" else "")


BY_CONSTRUCTION: tuple[Finding, ...] = tuple(Finding(check, "ok", "generated_here") for check in LABEL_CHECKS)
"""A label made here is prepaid, addressed from the register, and without any option."""


def validity(made_on: date | None, valid_days: int, today: date, *, certain: bool) -> Finding:
    """Whether a label will still be good at the likely dispatch. ``certain``: made here, so its date is known."""
    if made_on is not None and made_on + timedelta(days=valid_days) < today + timedelta(days=LIKELY_DISPATCH_DAYS):
        return Finding("validity", "look", "label_old")
    return Finding("validity", "ok", "label_young") if certain else Finding("validity", "look", "not_computed")


def for_the_agent(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """One line per check of gate 2: what was computed (the last word counts), else « to be looked at »."""
    known = {finding.check: finding for finding in findings}
    return tuple(known.get(check, Finding(check, "look", "not_computed")) for check in CHECKS)


def compared(findings: Iterable[Finding], *, scanned: bool) -> tuple[Finding, ...]:
    """What is exact of a label made here is so of that label alone: until its number was scanned on the paper, an agent
    compares the number."""
    return tuple(
        Finding(one.check, "look", "label_not_scanned")
        if one.check == "one_passport" and one.why == "generated_here" and not scanned
        else one
        for one in findings
    )


CERTAIN = frozenset({"generated_here", "label_young"})


def certain(findings: Iterable[Finding]) -> dict[str, str]:
    """Checks that no eye need repeat, each with its reason: exact by construction, not merely read by a machine."""
    return {one.check: one.why for one in findings if one.verdict == "ok" and one.why in CERTAIN}


def vouched(findings: Iterable[Finding]) -> frozenset[str]:
    """Checks of the label an agent may answer for in one word, « tout est conforme »: those a machine read and found
    right, none where it objects to anything. The photo is always for the eye."""
    found = tuple(findings)
    if any(one.verdict == "no" for one in found):
        return frozenset()
    return frozenset(one.check for one in found if one.verdict == "ok" and one.check in LABEL_CHECKS)


def travels(item: str, holder: str) -> bool:
    """Whether an object is to go in the next envelope: it is with the applicant, or not made yet."""
    return item in POSTED and holder in {"", "applicant"}


def may_prepare(state: str) -> None:
    """A label is made before posting, or after a replacement was asked. Raises RuleRefused."""
    if state not in PREPARING:
        raise RuleRefused("not_preparing")


def announce(state: str, *, label_ready: bool, carrier_code: str) -> Decision:
    """The applicant says the envelope is posted. Raises RuleRefused when no label is known: it travels inside."""
    if state in PREPARING and not label_ready:
        raise RuleRefused("label_first")
    return Decision.of(e.PostingAnnounced(carrier=carrier_code))


def verify(ticked: Iterable[str], exact: Iterable[str] = ()) -> Decision:
    """Gate 2: every check is ticked by the agent, but those that are exact by construction. Raises RuleRefused."""
    settled = {*ticked, *exact}
    missing = [check for check in CHECKS if check not in settled]
    if missing:
        raise RuleRefused("checks_missing", missing=missing)
    return Decision.of(e.PostedItemsVerified())


def ask_again(reasons: Mapping[str, str]) -> Decision:
    """Gate 2: ask for an object again, each with its reason. Raises RuleRefused."""
    if not reasons:
        raise RuleRefused("nothing_asked")
    for item, reason in reasons.items():
        if reason not in REASONS.get(item, ()):
            raise RuleRefused("reason_unknown")
    items = tuple(item for item in POSTED if item in reasons)
    said = set(reasons.values())
    return Decision.of(e.ReplacementRequested(items=items, reason=said.pop() if len(said) == 1 else "several"))


def next_poll(now: datetime) -> datetime:
    """When the carrier may be asked again about one label."""
    return now + POLL_EVERY
