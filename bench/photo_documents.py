"""Passport pages and 2D-Doc codes at growing degradation."""

from __future__ import annotations

import random
import statistics
import time
from datetime import date

import numpy as np

from escale.inspection.address_proof import Holder, PostalAddress, read_address_proof
from escale.inspection.mrz import read_pixels
from escale.inspection.mrz_burst import MOST, read_burst_pixels
from tests.inspection.making.passports import font, photographed, printed_page
from tests.inspection.making.stills import LINES, burst
from tests.inspection.making.two_d_docs import TestAuthority, as_png, bill, degraded


def mrz(pages: int = 20) -> list[str]:
    """80 invented pages at four levels: valid, falsely valid, exact. Gives the bars missed."""
    print(f"printed in {font().name}" + ("" if "OCRB" in font().name else " (install Debian's fonts-ocr-b for OCR-B)"))
    rng = random.Random(3)
    false_valid = all_valid = 0
    for level in range(4):
        valid = exact = wrong = characters = 0
        times = []
        for _ in range(pages):
            page = printed_page(rng)
            picture = photographed(page.picture, rng, level)
            start = time.perf_counter()
            reading = read_pixels(picture)
            times.append(time.perf_counter() - start)
            if reading is None:
                continue
            read, printed = reading.line1 + reading.line2, page.mrz.line1 + page.mrz.line2
            valid += reading.valid
            exact += read == printed
            wrong += reading.valid and reading.line2 != page.mrz.line2
            characters += sum(a == b for a, b in zip(read, printed, strict=True))
        false_valid += wrong
        all_valid += valid
        print(
            f"level {level}: valid {valid}/{pages}, both lines exact {exact}/{pages}, falsely valid {wrong}, "
            f"characters {100 * characters / (88 * pages):.2f} %, median {1000 * statistics.median(times):.0f} ms"
        )
    print(f"valid in all: {all_valid} (bar: {4 * pages}); falsely valid: {false_valid} (bar: 0)")
    missed = [] if all_valid == 4 * pages else [f"mrz: {all_valid} valid pages (bar: {4 * pages})"]
    return [*missed, f"mrz: {false_valid} falsely valid (bar: 0)"] if false_valid else missed


def stills(pages: int = 2) -> list[str]:
    """Pages held to the camera of a video interview: read on one still, or on the five that the agent's page takes
    within a second when one is not enough; valid, falsely valid, and what the slowest takes. Gives the bars missed."""
    false_valid, slowest = 0, 0.0
    for size in ((640, 480), (960, 540), (1280, 720)):
        for share in (0.45, 0.6, 0.8):
            said = []
            for line in LINES:
                rng, alone, valid, wrong, names = random.Random(5), 0, 0, 0, 0
                for _ in range(pages):
                    page = printed_page(rng, dpi=300)
                    taken = burst(page.picture, rng, size=size, share=share, line=line, frames=MOST)
                    reading = read_pixels(taken[0], upright=True)
                    if reading is not None and reading.valid:
                        alone += 1
                    else:
                        start = time.process_time()
                        reading, _ = read_burst_pixels(taken)
                        slowest = max(slowest, time.process_time() - start)
                    if reading is None or not reading.valid:
                        continue
                    valid += 1
                    wrong += reading.line2[:28] != page.mrz.line2[:28]
                    names += reading.names_are_sure and reading.line1 != page.mrz.line1
                false_valid += wrong
                count = f"{line.name} {valid}/{pages} (one still: {alone})"
                said.append(count + (f" ({names} sure of a wrong name)" if names else ""))
            print(f"{size[0]} × {size[1]}, page {share:.0%} of the width: {', '.join(said)}", flush=True)
    print(f"falsely valid in all: {false_valid} (bar: 0); slowest five stills: {slowest:.1f} s of processor")
    return [f"stills: {false_valid} falsely valid (bar: 0)"] if false_valid else []


def two_d_doc(each: int = 10) -> list[str]:
    """60 degraded pages: read, verified and matched; and as many altered ones: none believed. Gives the bars missed."""
    authority = TestAuthority()
    today, signed = date(2026, 11, 20), date(2026, 11, 5)
    holder = Holder(("Quérou",), "Camille")
    home = PostalAddress(("12 bis, rue de la Paix",), "75002", "Paris", "FR")
    rng = np.random.default_rng(0)
    good = bill(authority.code(signed_on=signed))
    false = bill(authority.code(signed_on=signed).replace("LA PAIX", "LA TAXE"))
    confirmed = believed = 0
    times = []
    for level in range(6):
        here = 0
        for _ in range(each):
            for page, is_good in ((good, True), (false, False)):
                content = as_png(degraded(page, level, rng))
                start = time.perf_counter()
                reading = read_address_proof(content, holder=holder, address=home, today=today, trust=authority.trust())
                times.append(time.perf_counter() - start)
                here += is_good and reading.verdict == "confirmed"
                believed += not is_good and reading.authentic
        confirmed += here
        print(f"level {level}: confirmed {here}/{each}")
    print(
        f"confirmed {confirmed}/{6 * each} (bar: 59/60); altered codes believed: {believed} (bar: 0); "
        f"median {1000 * statistics.median(times):.0f} ms, the child's start included"
    )
    least = 6 * each - 1
    missed = [] if confirmed >= least else [f"2d-doc: {confirmed} confirmed (bar: {least} of {6 * each})"]
    return [*missed, f"2d-doc: {believed} altered codes believed (bar: 0)"] if believed else missed
