"""The contract of tracking: what was scanned, where and at which instant, whatever the code."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest

from escale.case.values import Waybill
from escale.partners.courier import codes
from escale.partners.courier.adapter import DhlAdapter, _scan
from escale.ports.courier import Label, ScanKind
from escale.ports.errors import PartnerRefused, PartnerUnavailable
from tests.partners.conftest import Simulators
from tests.partners.courier.conftest import SPANIARD

Make = Callable[..., Label]
Play = Callable[[Waybill, str], httpx.Response]

# The 65 codes of DHL's reference data.
ALL_CODES = (
    "AD AF AR BA BL BN BR CA CC CD CI CM CR CS CU DD DF DG DI DM DP DS EM ES FD HI HN HO HP IA IC LV MC MD MF MS NA ND "
    "NH OH OK PD PL PU PW PY RD RR RT RW SA SC SD SI SM SS ST TD TI TP TR TT UD UV WC"
).split()


def test_a_label_that_nobody_posted_has_no_scan(make: Make, courier: DhlAdapter):
    assert courier.track(make().waybill) == ()


def test_an_unknown_parcel_has_no_scan(courier: DhlAdapter):
    assert courier.track(Waybill.dhl(0)) == ()


def test_the_first_scan_is_the_acceptance_at_its_instant(
    make: Make, play: Play, courier: DhlAdapter, simulators: Simulators
):
    waybill = make().waybill
    before = simulators.now()
    assert play(waybill, "PU").status_code == 303

    (scan,) = courier.track(waybill)

    assert (scan.kind, scan.raw, scan.place) == (ScanKind.ACCEPTED, "PU", "TORONTO - CANADA")
    assert before - timedelta(seconds=1) <= scan.at <= simulators.now()


def test_a_parcel_goes_its_way_in_four_days(make: Make, play: Play, courier: DhlAdapter, simulators: Simulators):
    waybill = make().waybill
    play(waybill, "PU")
    simulators.advance(days=1, minutes=1)
    assert [scan.raw for scan in courier.track(waybill)] == ["PU", "DF"]

    simulators.advance(days=3)

    scans = courier.track(waybill)
    assert [scan.kind for scan in scans] == [
        ScanKind.ACCEPTED,
        ScanKind.IN_TRANSIT,
        ScanKind.OUT_FOR_DELIVERY,
        ScanKind.DELIVERED,
    ]
    assert scans[1].at - scans[0].at == timedelta(days=1), "scans bear the hour they were due, not that of the look"
    assert (scans[-1].place, scans[-1].signed_by) == ("VANCOUVER - CANADA", "Joelle Francoise DUBINORE")
    assert scans[-1].at.utcoffset() == scans[-1].at.astimezone(ZoneInfo("America/Vancouver")).utcoffset()


@pytest.mark.parametrize(
    ("scenario", "codes_played"),
    [
        ("nobody_home", "PU DF WC NH WC OK"),
        ("returned", "PU DF WC NH WC NH RT"),
        ("lost", "PU DF"),
        ("damaged", "PU DF WC DD"),
    ],
)
def test_other_ways(
    make: Make,
    play: Play,
    choose: Play,
    courier: DhlAdapter,
    simulators: Simulators,
    scenario: str,
    codes_played: str,
):
    waybill = make().waybill
    assert choose(waybill, scenario).status_code == 303
    play(waybill, "PU")
    simulators.advance(days=30)

    assert [scan.raw for scan in courier.track(waybill)] == codes_played.split()


def test_lost_from_now_on(make: Make, play: Play, courier: DhlAdapter, simulators: Simulators):
    waybill = make().waybill
    play(waybill, "PU")
    httpx.post(f"{simulators.url}/dhl/colis/{waybill.text}/perdu", trust_env=False)
    simulators.advance(days=30)

    assert [scan.raw for scan in courier.track(waybill)] == ["PU"]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("DF", ScanKind.IN_TRANSIT),
        ("WC", ScanKind.OUT_FOR_DELIVERY),
        ("OK", ScanKind.DELIVERED),
        ("NH", ScanKind.EXCEPTION),
        ("DD", ScanKind.EXCEPTION),
        ("RT", ScanKind.RETURNED),
        ("CS", ScanKind.CANCELLED),
    ],
)
def test_every_button_is_understood(make: Make, play: Play, courier: DhlAdapter, code: str, kind: ScanKind):
    waybill = make().waybill
    play(waybill, "PU")
    assert play(waybill, code).status_code == 303

    assert courier.track(waybill)[-1].kind is kind


@pytest.mark.parametrize(
    "presses", [["DF"], ["OK"], ["PU", "PU"], ["PU", "OK", "DF"], ["CS", "PU"], ["??"]], ids=" then ".join
)
def test_impossible_events_are_refused(make: Make, play: Play, presses: list[str]):
    waybill = make().waybill
    *possible, impossible = presses
    for code in possible:
        assert play(waybill, code).status_code == 303

    assert play(waybill, impossible).status_code == 409


def test_ten_readings_a_day(make: Make, play: Play, courier: DhlAdapter, simulators: Simulators):
    waybill = make().waybill
    play(waybill, "PU")
    simulators.advance(
        seconds=(datetime.combine(simulators.now(), datetime.max.time(), UTC) - simulators.now()).seconds + 2
    )
    for _ in range(10):
        courier.track(waybill)

    with pytest.raises(PartnerUnavailable) as limit:
        courier.track(waybill)
    assert (limit.value.code, limit.value.retry_after) == ("429", 10800)

    simulators.advance(days=1)
    assert courier.track(waybill)


def test_an_outage_while_tracking(make: Make, play: Play, courier: DhlAdapter, simulators: Simulators):
    waybill = make().waybill
    play(waybill, "PU")
    simulators.fault("dhl", "error", 1)
    assert courier.track(waybill), "a reading is repeated once"

    simulators.fault("dhl", "error", 2)
    with pytest.raises(PartnerUnavailable):
        courier.track(waybill)


def test_what_a_carrier_in_trouble_says(make: Make, play: Play, courier: DhlAdapter, simulators: Simulators):
    waybill = make().waybill
    for code in ("PU", "DF", "WC", "NH"):
        play(waybill, code)
        simulators.advance(minutes=5)
    seen = {}
    for mode in ("duplicate", "reordered", "late", "silent", ""):
        simulators.fault("dhl", mode)
        seen[mode] = [scan.raw for scan in courier.track(waybill)]

    whole = ["PU", "DF", "WC", "NH"]
    assert seen == {"duplicate": whole, "reordered": whole, "late": whole[:3], "silent": [], "": whole}


def test_only_its_own_parcels(courier: DhlAdapter):
    with pytest.raises(PartnerRefused, match="not_a_dhl_waybill"):
        courier.track(Waybill("canada_post", "1234567890123456"))


def test_every_known_code_has_a_kind_and_unknown_ones_stay_raw():
    unmapped = {code for code in ALL_CODES if codes.kind_of(code) is ScanKind.OTHER}

    assert set(codes.KINDS) <= set(ALL_CODES)
    assert unmapped == set("BL BN BR CU DG DI DP DS EM ES HN HO IA MF PW PY SC SD SI TI TT".split())
    assert codes.kind_of("ZZ") is ScanKind.OTHER
    assert [code for code in ALL_CODES if codes.kind_of(code) is ScanKind.DELIVERED] == ["OK"]
    assert [code for code in ALL_CODES if codes.kind_of(code) is ScanKind.ACCEPTED] == ["PU"]


@pytest.mark.parametrize(
    ("event", "instant"),
    [
        ({"GMTOffset": "+11:00", "serviceArea": []}, "2026-01-14T23:30:00+00:00"),
        ({"serviceArea": [{"code": "SYD", "description": "SYDNEY - AUSTRALIA"}]}, "2026-01-14T23:30:00+00:00"),
        ({"serviceArea": [{"code": "HBA", "description": "HOBART - AUSTRALIA"}]}, "2026-01-14T23:30:00+00:00"),
        ({"serviceArea": [{"code": "YVR", "description": "VANCOUVER - CANADA"}]}, "2026-01-15T18:30:00+00:00"),
        ({"serviceArea": [{"code": "XXX", "description": "NOWHERE"}]}, "2026-01-15T10:30:00+00:00"),
        ({}, "2026-01-15T10:30:00+00:00"),
    ],
)
def test_hours_are_local_to_the_place(event: dict[str, object], instant: str):
    scan = _scan({"date": "2026-01-15", "time": "10:30:00", "typeCode": "XY", "description": "?", **event})

    assert scan.at == datetime.fromisoformat(instant)
    assert scan.raw == "XY"


def test_a_delivery_has_its_proof(make: Make, play: Play, simulators: Simulators):
    waybill = make(SPANIARD, SPANIARD).waybill
    url = f"{simulators.url}/dhl/mydhlapi/shipments/{waybill.text}/proof-of-delivery"
    asked = {"auth": ("escale", "simulateur-dhl"), "headers": {"X-VERSION": "3.3.2"}, "trust_env": False}
    assert httpx.get(url, **asked).status_code == 404  # type: ignore[arg-type]  # one dict for several keywords
    for code in ("PU", "OK"):
        play(waybill, code)

    answer = httpx.get(url, **asked)  # type: ignore[arg-type]  # the same

    assert [document["typeCode"] for document in json.loads(answer.text)["documents"]] == ["POD"]
