"""A strict reading of JSON bodies, with DHL's own sentences: an unknown key is refused, a missing one named."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

type Rule = Text | Number | Flag | Items | Record


@dataclass(frozen=True)
class Text:
    """``least`` to ``most`` characters, of ``pattern`` when given, among ``choices`` when given."""

    most: int
    least: int = 1
    pattern: str = ""
    choices: tuple[str, ...] = ()

    def read(self, value: Any, path: str) -> list[str]:
        if not isinstance(value, str):
            return [f"{path}: expected type: String, found: {type(value).__name__}"]
        if len(value) < self.least:
            return [f"{path}: expected minLength: {self.least}, actual: {len(value)}"]
        if len(value) > self.most:
            return [f"{path}: expected maxLength: {self.most}, actual: {len(value)}"]
        if not value.isprintable():
            return [f"{path}: string does not match pattern [^\\p{{Cc}}]*"]
        if self.pattern and not re.fullmatch(self.pattern, value):
            return [f"{path}: string does not match pattern {self.pattern}"]
        if self.choices and value not in self.choices:
            return [f"{path}: not a valid enum value"]
        return []


@dataclass(frozen=True)
class Number:
    """A number of at least ``least``."""

    least: float

    def read(self, value: Any, path: str) -> list[str]:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return [f"{path}: expected type: Number, found: {type(value).__name__}"]
        return [] if value >= self.least else [f"{path}: {value} is not greater or equal to {self.least}"]


@dataclass(frozen=True)
class Flag:
    def read(self, value: Any, path: str) -> list[str]:
        return [] if isinstance(value, bool) else [f"{path}: expected type: Boolean, found: {type(value).__name__}"]


@dataclass(frozen=True)
class Items:
    """A list of at least ``least`` items."""

    item: Rule
    least: int = 1

    def read(self, value: Any, path: str) -> list[str]:
        if not isinstance(value, list):
            return [f"{path}: expected type: JSONArray, found: {type(value).__name__}"]
        if len(value) < self.least:
            return [f"{path}: expected minimum item count: {self.least}, found: {len(value)}"]
        return [fault for rank, item in enumerate(value) for fault in self.item.read(item, f"{path}/{rank}")]


@dataclass(frozen=True)
class Record:
    """Keys that must be there, keys that may, and no other."""

    needed: dict[str, Rule]
    optional: dict[str, Rule] = field(default_factory=dict)

    def read(self, value: Any, path: str = "#") -> list[str]:
        if not isinstance(value, dict):
            return [f"{path}: expected type: JSONObject, found: {type(value).__name__}"]
        known = {**self.needed, **self.optional}
        faults = [f"{path}: required key [{key}] not found" for key in self.needed if key not in value]
        faults += [f"{path}: extraneous key [{key}] is not permitted" for key in value if key not in known]
        for key, rule in known.items():
            if key in value:
                faults += rule.read(value[key], f"{path}/{key}")
        return faults


_REFERENCES = Items(Record({"value": Text(35)}, {"typeCode": Text(3, choices=("CU", "AAO", "FF", "FN", "IBC", "LLR"))}))
_PARTY = Record(
    {
        "postalAddress": Record(
            {
                "postalCode": Text(12, least=0),
                "cityName": Text(45),
                "countryCode": Text(2, pattern="[A-Z]{2}"),
                "addressLine1": Text(45),
            },
            {
                "addressLine2": Text(45),
                "addressLine3": Text(45),
                "provinceCode": Text(35, least=2),
                "provinceName": Text(35),
                "countyName": Text(35),
                "countryName": Text(35),
            },
        ),
        "contactInformation": Record(
            {"phone": Text(70), "companyName": Text(100), "fullName": Text(255)},
            {"email": Text(70), "mobilePhone": Text(70)},
        ),
    },
    {"typeCode": Text(50)},
)
_DIMENSIONS = Record({"length": Number(1), "width": Number(1), "height": Number(1)})
_PACKAGE = Record(
    {"weight": Number(0.001), "dimensions": _DIMENSIONS},
    {"customerReferences": _REFERENCES, "typeCode": Text(3), "description": Text(70)},
)
_IMAGE = Record(
    {"typeCode": Text(20, choices=("label", "waybillDoc", "invoice", "receipt", "qr-code"))},
    {"templateName": Text(50), "isRequested": Flag()},
)

SHIPMENT = Record(
    {
        "plannedShippingDateAndTime": Text(29),
        "pickup": Record({"isRequested": Flag()}),
        "productCode": Text(6, pattern="[A-Z0-9]{1,6}"),
        "accounts": Items(
            Record({"typeCode": Text(12, choices=("shipper", "payer", "duties-taxes")), "number": Text(12)})
        ),
        "customerDetails": Record({"shipperDetails": _PARTY, "receiverDetails": _PARTY}),
        "content": Record(
            {
                "packages": Items(_PACKAGE),
                "isCustomsDeclarable": Flag(),
                "description": Text(70, pattern=r"\S.*"),
                "unitOfMeasurement": Text(8, choices=("metric", "imperial")),
            },
            {
                "incoterm": Text(3, least=3),  # required by version 2.7; clients of documents leave it out
                "declaredValue": Number(0),
                "declaredValueCurrency": Text(3, least=3),
            },
        ),
    },
    {
        "localProductCode": Text(3),
        "valueAddedServices": Items(Record({"serviceCode": Text(3)}, {"value": Number(0), "currency": Text(3)})),
        "customerReferences": _REFERENCES,
        "outputImageProperties": Record(
            {},
            {
                "encodingFormat": Text(4, choices=("pdf", "zpl", "lp2", "epl")),
                "imageOptions": Items(_IMAGE),
                "printerDPI": Number(200),
            },
        ),
        "getAdditionalInformation": Items(Record({"typeCode": Text(40)}, {"isRequested": Flag()})),
        "getRateEstimates": Flag(),
    },
)
