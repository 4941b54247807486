"""The trust list of 2D-Doc authorities: what its seal is worth, and how an operator renews both without a release."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from escale.inspection import trust, trust_update
from escale.inspection.trust import TrustListError, national_trust_list, read_trust_list
from escale.inspection.two_d_doc import parse, verify
from tests.inspection.making.two_d_docs import TestAuthority, TestSeal, signed_list

TODAY = date(2026, 11, 20)
SHIPPED_ON = date(2026, 5, 11)


@pytest.fixture(scope="module")
def authority() -> TestAuthority:
    return TestAuthority()


@pytest.fixture(scope="module")
def old_seal() -> TestSeal:
    return TestSeal(end=date(2027, 3, 26))


@pytest.fixture(scope="module")
def new_seal() -> TestSeal:
    return TestSeal(start=date(2026, 11, 1), end=date(2029, 11, 1))


class Operator:
    """Someone with files at hand, a folder of their own, and the command."""

    def __init__(self, desk: Path) -> None:
        self.desk, self.folder = desk, desk / "trust"

    def file(self, name: str, content: bytes) -> str:
        (self.desk / name).write_bytes(content)
        return str(self.desk / name)

    def install(self, content: bytes, *words: str, today: date = TODAY) -> int:
        return trust_update.main(["install", self.file("fresh.xml", content), *words], today=today)

    def status(self, today: date = TODAY) -> int:
        return trust_update.main(["status"], today=today)

    def laid(self) -> dict[str, bytes]:
        return {file.name: file.read_bytes() for file in self.folder.glob("*")}


@pytest.fixture
def operator(tmp_path, monkeypatch, old_seal) -> Operator:
    """Their release pins the old seal; nothing is laid in yet, and the shipped list is as old as ours."""
    read, shipped = trust._read.__wrapped__, trust._read(None, ())  # ours is sealed by the seal pinned before
    monkeypatch.setattr(trust, "PINNED_SEALS", frozenset({old_seal.fingerprint}))
    monkeypatch.setenv("ESCALE_TRUST_LIST_DIR", str(tmp_path / "trust"))
    monkeypatch.setattr(trust, "_read", lambda place, changed: shipped if place is None else read(place, changed))
    return Operator(tmp_path)


def vouching(operator: Operator, seal: TestSeal, typed: str | None = None) -> tuple[str, ...]:
    return ("--seal", operator.file("seal.der", seal.der), "--fingerprint", typed or seal.fingerprint)


def judged(authority: TestAuthority, held: trust.TrustList) -> str:
    document = parse(authority.code(signed_on=date(2026, 11, 5)))
    assert document is not None
    return verify(document, held, today=TODAY)


def test_the_shipped_list_is_verified_and_names_its_authorities():
    held = national_trust_list()
    assert {"FR03", "FR05", "FR06"} <= {listed.name for listed in held.authorities}
    assert len(held.signers) > 200
    assert (held.seal.name, held.seal.until) == ("ANTS CACHET 2DDOC", date(2027, 3, 26))
    assert held.last_day == date(2027, 3, 26)


def test_a_sealed_list_is_read_and_any_change_breaks_it(authority, old_seal):
    content, pinned = signed_list(authority, old_seal), frozenset({old_seal.fingerprint})
    assert judged(authority, read_trust_list(content, (authority.leaf,), pinned=pinned)) == "ok"

    def broken(changed: bytes, pinned: frozenset[str] = pinned) -> str:
        with pytest.raises(TrustListError) as error:
            read_trust_list(changed, (), pinned=pinned)
        return str(error.value)

    assert broken(content.replace(b"FR99", b"FR98")) == "altered"
    assert broken(content, frozenset()) == "unknown_seal"
    assert broken(content[:-40]) == "unreadable"
    weakened = content.replace(b"xmldsig-more#rsa-sha256", b"xmldsig#rsa-sha1")
    assert broken(weakened) == "unsupported_signature"
    assert broken(b"<a/>") == "no_signature"
    short = TestSeal(bits=1024)
    assert broken(signed_list(authority, short), frozenset({short.fingerprint})) == "unsupported_signature"


def test_the_operator_lays_in_a_fresher_list_that_is_verified_first(authority, old_seal, operator, capsys):
    content = signed_list(authority, old_seal)
    leaf = operator.file("TST1.der", authority.leaf.public_bytes(Encoding.DER))

    assert operator.install(content.replace(b"FR99", b"FR98"), leaf) == 1
    assert not operator.folder.exists()
    assert operator.install(content, leaf) == 0

    assert judged(authority, national_trust_list()) == "ok"
    assert operator.status() == 0
    assert "shipped with this release, valid until 2027-03-26" in capsys.readouterr().out


def test_a_laid_list_that_does_not_hold_is_never_passed_over(authority, old_seal, operator, capsys):
    content = signed_list(authority, old_seal)
    operator.install(content)
    (operator.folder / "tsl_signed.xml").write_bytes(content.replace(b"FR99", b"FR98"))

    assert operator.status() == 1
    assert "does not hold: altered" in capsys.readouterr().out
    with pytest.raises(TrustListError):
        national_trust_list()
    assert operator.install(content) == 1  # who could say whether it is older?
    assert "move what lies in the folder away" in capsys.readouterr().err


def test_a_list_under_an_unknown_seal_is_refused_with_what_to_do(authority, new_seal, operator, capsys):
    assert operator.install(signed_list(authority, new_seal)) == 1

    said = capsys.readouterr().err
    assert said.startswith("Nothing was changed: ")
    assert "--seal CERTIFICATE --fingerprint SHA256" in said
    assert "by another channel" in said
    assert new_seal.fingerprint not in said.lower()  # or it would be copied from here
    assert not operator.folder.exists()


@pytest.mark.parametrize("spelled", ["plain", "colons", "pem"])
def test_list_and_seal_are_renewed_together_and_status_says_so(authority, new_seal, operator, capsys, spelled: str):
    pairs = ":".join(new_seal.fingerprint[at : at + 2].upper() for at in range(0, 64, 2))
    given = vouching(operator, new_seal, pairs if spelled == "colons" else None)
    if spelled == "pem":
        operator.file("seal.der", new_seal.certificate.public_bytes(Encoding.PEM))
    leaf = operator.file("TST1.der", authority.leaf.public_bytes(Encoding.DER))

    assert operator.install(signed_list(authority, new_seal, issued="2026-11-15"), leaf, *given) == 0

    assert judged(authority, national_trust_list()) == "ok"
    capsys.readouterr()
    assert operator.status() == 0
    said = capsys.readouterr().out
    assert "List of 2026-11-15" in said
    assert f"installed on 2026-11-20, valid until 2029-11-01, SHA-256 {new_seal.fingerprint}" in said


def test_an_installed_seal_takes_the_place_of_the_shipped_one(authority, old_seal, new_seal, operator, capsys):
    operator.install(signed_list(authority, new_seal), *vouching(operator, new_seal))
    before = operator.laid()

    assert operator.install(signed_list(authority, old_seal, issued="2026-11-19")) == 1
    assert "not known here" in capsys.readouterr().err
    assert operator.laid() == before
    assert operator.install(signed_list(authority, new_seal, issued="2026-11-19")) == 0  # no need to vouch again


@pytest.mark.parametrize("kept", [("--seal",), ("--fingerprint",)])
def test_neither_file_nor_fingerprint_is_enough_alone(authority, new_seal, operator, capsys, kept: tuple[str]):
    words = vouching(operator, new_seal)
    at = words.index(kept[0])

    assert operator.install(signed_list(authority, new_seal), *words[at : at + 2]) == 1
    assert "go together" in capsys.readouterr().err
    assert not operator.folder.exists()


@pytest.mark.parametrize("typed", ["", "other", "cut", "sha1"])
def test_a_fingerprint_that_is_not_the_files_is_refused(authority, old_seal, new_seal, operator, capsys, typed: str):
    wrong = {"": " ", "other": old_seal.fingerprint, "cut": new_seal.fingerprint[:40], "sha1": "ab" * 20}[typed]

    assert operator.install(signed_list(authority, new_seal), *vouching(operator, new_seal, wrong)) == 1
    assert "not that of the certificate's file" in capsys.readouterr().err
    assert not operator.folder.exists()


def test_a_vouched_seal_still_has_to_hold_on_this_list(authority, old_seal, new_seal, operator, capsys):
    content = signed_list(authority, new_seal)
    given = vouching(operator, new_seal)

    assert operator.install(content.replace(b"FR99", b"FR98"), *given) == 1
    assert "not what was signed" in capsys.readouterr().err
    stolen = signed_list(authority, old_seal)  # the seal shown is replaced: the key that signed is another
    shown = stolen.split(b"X509Certificate>")[-2]
    swapped = stolen.replace(shown, content.split(b"X509Certificate>")[-2])
    assert operator.install(swapped, *given) == 1
    assert "signature does not hold" in capsys.readouterr().err
    assert operator.install(stolen, *given) == 1  # pinned by the release, but not what the operator vouches for
    assert "not sealed by the certificate that --seal names" in capsys.readouterr().err
    assert not operator.folder.exists()


@pytest.mark.parametrize("vouched", [False, True])
def test_an_older_list_is_refused_whatever_its_seal(authority, old_seal, new_seal, operator, capsys, vouched: bool):
    seal = new_seal if vouched else old_seal
    given = vouching(operator, new_seal) if vouched else ()

    assert operator.install(signed_list(authority, seal, issued="2026-05-10"), *given) == 1
    assert "older than the one in force" in capsys.readouterr().err
    assert not operator.folder.exists()


@pytest.mark.parametrize(("today", "seal"), [(date(2026, 10, 31), "new"), (date(2027, 3, 27), "old")])
def test_a_seal_out_of_its_days_is_not_installed(authority, old_seal, new_seal, operator, capsys, today: date, seal):
    chosen = {"old": old_seal, "new": new_seal}[seal]
    content = signed_list(authority, chosen)

    assert operator.install(content, *vouching(operator, chosen), today=today) == 1
    assert "not valid today" in capsys.readouterr().err
    if seal == "old":  # the shipped pin is no exception
        assert operator.install(content, today=today) == 1


@pytest.mark.parametrize("record", [b"", b"[]", b"{}", b'{"fingerprint": "00", "installed_on": "soon"}'])
def test_a_broken_record_is_not_passed_over_for_the_shipped_seal(authority, old_seal, operator, capsys, record: bytes):
    operator.install(signed_list(authority, old_seal))
    (operator.folder / "seal.json").write_bytes(record)

    assert operator.status() == 1
    assert "does not hold: unreadable_record" in capsys.readouterr().out


def test_a_changed_record_is_seen_at_once(authority, new_seal, tmp_path, monkeypatch):
    """With the cache that the worker keeps."""
    monkeypatch.setenv("ESCALE_TRUST_LIST_DIR", str(tmp_path / "trust"))
    operator = Operator(tmp_path)
    operator.install(signed_list(authority, new_seal), *vouching(operator, new_seal))
    assert national_trust_list().seal.fingerprint == new_seal.fingerprint

    (operator.folder / "seal.json").unlink()

    with pytest.raises(TrustListError, match="unknown_seal"):
        national_trust_list()


@pytest.mark.parametrize(
    ("today", "left", "said"),
    [
        (date(2027, 2, 24), 0, ""),
        (date(2027, 2, 25), 1, "The seal must be renewed: 29 days are left."),
        (date(2027, 3, 26), 1, "The seal must be renewed: 0 days are left."),
        (date(2027, 3, 27), 1, "The seal has expired: every 2D-Doc goes to an agent."),
    ],
)
def test_the_daily_job_warns_thirty_days_before_the_seal_ends(capsys, today: date, left: int, said: str):
    assert trust_update.main(["status"], today=today) == left
    assert said in capsys.readouterr().out


def test_the_daily_job_warns_when_the_list_ends_first(monkeypatch, capsys):
    held = national_trust_list()
    longer = replace(held, seal=replace(held.seal, until=date(2029, 1, 1)))
    monkeypatch.setattr(trust, "national_trust_list", lambda: longer)

    assert trust_update.main(["status"], today=date(2027, 5, 1)) == 1
    assert "The list must be renewed: 10 days are left." in capsys.readouterr().out


def test_every_refusal_of_a_list_is_a_sentence(operator, capsys):
    for content in (b"", b"<a/>"):
        assert operator.install(content) == 1
        assert "_" not in capsys.readouterr().err
    operator.folder.mkdir()
    (operator.folder / "seal.json").write_bytes(b"{")
    assert operator.install(b"<a/>") == 1
    assert "seal.json in ESCALE_TRUST_LIST_DIR cannot be read" in capsys.readouterr().err


def test_without_a_folder_nothing_is_installed(authority, old_seal, operator, monkeypatch, capsys):
    monkeypatch.delenv("ESCALE_TRUST_LIST_DIR")

    assert operator.install(signed_list(authority, old_seal)) == 1
    assert "set ESCALE_TRUST_LIST_DIR" in capsys.readouterr().err
