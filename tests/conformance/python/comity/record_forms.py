"""The forms of the fields of the record types (record-types §3 to §7, §13, §14, §16 to §28).

Each form is a shape that refuses with `cbor.shape`. Maps may have further entries (record-types 2.2).
"""

from __future__ import annotations

import re
from typing import Any, Dict, FrozenSet, Mapping, NamedTuple, Tuple

from .cbor import REDACTED, Tagged
from .record_message import SUBJECT_ID
from .refusal import Refusal
from .registries import purposes, registry
from .scheme import MAX_LANGUAGES
from .shapes import Shape, array, boolean, integer, literal, map_of, misshapen, pattern, seconds
from .texts import EMBED_OVERRIDE_ISOLATE, language_tag, state_id_text

MISLEADING = re.compile(f"[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029{EMBED_OVERRIDE_ISOLATE}]")  # 3.2
TAB_OR_LINE_FEED = re.compile("[\t\n]")

MAX_TEXT_BYTES = 16384
MAX_DAYS = 36525  # 5.1
MAX_PARTIES = 1000
MAX_PARTS = 512  # 13.1
MAX_PURPOSES = 32
MAX_SEEN = 1000000000  # 16
MAX_OFFSET = 31622400  # 26.2
ALL_PARTS = "all"

VOLUNTARY_ACTS = ("endorse", "national-position", "declared-variance")  # 6.1
TREATY_ACTS = ("sign", "ratify", "accept", "approve", "accede", "reserve", "object", "interpret", "withdraw")  # 6.2

LIKELIHOODS = (  # 18
    "almost-no-chance",
    "very-unlikely",
    "unlikely",
    "roughly-even-chance",
    "likely",
    "very-likely",
    "almost-certain",
)

DECLINE_REASONS = (  # 24
    "national-security",
    "defence",
    "criminal-investigation",
    "confidentiality",
    "legal-exemption",
    "disproportionate-effort",
    "complexity",
)


def fits(form: Shape, value: Any) -> bool:
    """Whether a value has a form."""
    try:
        form(value)
    except Refusal:
        return False
    return True


def holds_digest(value: Any) -> bool:
    """Whether a digest stands in a value, at any depth."""
    if type(value) is Tagged:
        return True
    if type(value) is list:
        return any(map(holds_digest, value))
    return type(value) is dict and (REDACTED in value or any(map(holds_digest, value.values())))


def without_digests(form: Shape) -> Shape:
    """The form of a whole field: no digest stands in it, also not in a further entry (record-types 1.2, 10.1)."""

    def whole(value: Any) -> Any:
        if holds_digest(value):
            misshapen()
        return form(value)

    return whole


def verbatim(value: Any) -> Any:
    """Any text of 1 to 16384 bytes (3.5)."""
    if type(value) is not str or not 1 <= len(value.encode()) <= MAX_TEXT_BYTES:
        misshapen()
    return value


def shown(max_bytes: int) -> Shape:
    """A shown text (3.2)."""

    def form(value: Any) -> Any:
        if type(value) is not str or not 1 <= len(value.encode()) <= max_bytes or MISLEADING.search(value):
            misshapen()
        return value

    return form


def line(max_bytes: int) -> Shape:
    """A line (3.2)."""
    inner = shown(max_bytes)

    def form(value: Any) -> Any:
        if TAB_OR_LINE_FEED.search(inner(value)):
            misshapen()
        return value

    return form


def identifier(max_bytes: int = 128) -> Shape:
    """An identifier in a record (3.4)."""
    return pattern(f"[A-Za-z0-9][A-Za-z0-9._:|/+-]{{0,{max_bytes - 1}}}")


def open_map(required: Mapping[str, Shape], optional: Mapping[str, Shape] = {}) -> Shape:
    """A map with these entries, and further ones of a later version (2.2)."""
    known = {**required, **optional}

    def form(value: Any) -> Any:
        if type(value) is not dict or not required.keys() <= value.keys():
            misshapen()
        for key, inner in known.items():
            if key in value:
                inner(value[key])
        return value

    return form


def concerned_parts(value: Any) -> Any:
    """All parts of a record, or digests in ascending order, each once (13.1)."""
    if value == ALL_PARTS:
        return value
    array(HEX_32, 1, MAX_PARTS)(value)
    if any(one >= following for one, following in zip(value, value[1:])):
        misshapen()
    return value


def sector_names() -> FrozenSet[str]:
    """The sectors and sub-sectors of sectors.json (3.7)."""
    listed = registry("sectors")["sectors"]
    below = {f"{one['id']}/{name}" for one in listed for name in one["subsectors"]}
    return frozenset(below | {one["id"] for one in listed})


def classification(value: Any) -> Any:
    """A class of rsit.json, and a type of this class."""
    open_map({"rsitClass": literal(*RSIT)}, {"rsitType": identifier()})(value)
    if value.get("rsitType", RSIT[value["rsitClass"]][0]) not in RSIT[value["rsitClass"]]:
        misshapen()
    return value


def severity(value: Any) -> Any:
    """A scale of severity-scales.json, and a value of this scale."""
    open_map({"scale": literal(*SCALES), "value": identifier()})(value)
    if value["value"] not in SCALES[value["scale"]]:
        misshapen()
    return value


RSIT: Dict[str, Tuple[str, ...]] = {one["id"]: tuple(one["types"]) for one in registry("rsit")["classes"]}

# Of each scale the values, with the ordinals that rise with severity.
SCALES: Dict[str, Dict[str, int]] = {
    scale["id"]: {value["id"]: value["ordinal"] for value in scale["values"]}
    for scale in registry("severity-scales")["scales"]
}

SECTORS = sector_names()
SECTOR = literal(*SECTORS)
SECTOR_LIST = array(SECTOR, 1, 32)

TEXT_MAP = map_of(language_tag, shown(MAX_TEXT_BYTES), 1, MAX_LANGUAGES)  # 3.3
DAYS = integer(0, MAX_DAYS)
HEX_32 = pattern("[0-9a-f]{64}")  # a record id, a digest
PURPOSE = literal(*purposes())
NORM = pattern(f"[0-9a-f]{{64}}|norm/{SUBJECT_ID}")  # 6

INDICATOR = open_map(
    {"id": identifier(), "type": identifier(64), "value": verbatim},
    {
        "category": line(256),
        "comment": shown(4096),
        "toIds": boolean,
        "tags": array(line(512), 1, 64),
        "atSeconds": seconds,
        "object": open_map({"id": identifier()}, {"name": line(256), "relation": line(256)}),
    },
)
TECHNIQUE = open_map({"id": identifier()}, {"scheme": identifier(), "name": line(512), "url": line(2048)})
SOURCE = open_map({"name": line(512)}, {"id": identifier(), "url": line(2048)})
DELAY = open_map({"stage": identifier(), "reason": TEXT_MAP}, {"profile": identifier()})
PROVISION = POINT = open_map({"id": identifier(), "text": TEXT_MAP})

# The form of a whole field, of an element of a field with `elements`, and by name of the fields of one with `fields`.
FORMS: Dict[str, Dict[str, Any]] = {
    "incident": {
        "title": TEXT_MAP,
        "summary": TEXT_MAP,
        "narrative": {"external": TEXT_MAP, "internal": TEXT_MAP},
        "stage": literal("early-warning", "notification", "intermediate", "progress", "final"),
        "occurredAt": seconds,
        "detectedAt": seconds,
        "awareAt": seconds,
        "noticedAt": seconds,
        "believedAt": seconds,
        "classifiedAt": seconds,
        "significantAt": seconds,
        "materialAt": seconds,
        "paidAt": seconds,
        "fixAvailableAt": seconds,
        "impactEndedAt": seconds,
        "resolvedAt": seconds,
        "classification": classification,
        "sectors": SECTOR_LIST,
        "severity": severity,
        "suspectedMalicious": boolean,
        "crossBorder": boolean,
        "victim": {"name": line(512), "country": pattern("[A-Z]{3}"), "contact": shown(1024), "sector": SECTOR},
        "indicators": INDICATOR,
        "techniques": TECHNIQUE,
        "rootCause": TEXT_MAP,
        "measuresTaken": TEXT_MAP,
        "legalProfiles": array(identifier(), 1, 32),
        "delays": array(DELAY, 1, 32),
        "sources": SOURCE,
        "tags": line(512),
    },
    "norm": {
        "title": TEXT_MAP,
        "kind": literal("voluntary", "treaty"),
        "provisions": PROVISION,
        "adoption": TEXT_MAP,
        "entryIntoForce": open_map({}, {"threshold": integer(0, MAX_PARTIES), "delayDays": DAYS}),
        "reviewPeriodDays": DAYS,
        "noticePeriodDays": DAYS,
        "source": line(2048),
    },
    "commitment": {
        "norm": NORM,
        "provisions": array(identifier(), 1, 256),
        "act": literal(*VOLUNTARY_ACTS, *TREATY_ACTS),
        "statement": TEXT_MAP,
        "legalBasis": TEXT_MAP,
        "effectiveAt": seconds,
        "toReservation": HEX_32,
        "opposesEntry": boolean,
        "confirms": array(HEX_32, 1, 64),
    },
    "retraction": {
        "reason": TEXT_MAP,
        "requestedAction": literal("cease-use", "delete", "none"),
    },
    "release-request": {
        "record": HEX_32,
        "parts": concerned_parts,
        "thirdParty": state_id_text,
        "purpose": PURPOSE,
        "reason": TEXT_MAP,
        "replyBy": seconds,
    },
    "release-grant": {
        "decision": literal("grant", "refuse", "revoke"),
        "record": HEX_32,
        "parts": concerned_parts,
        "holder": state_id_text,
        "thirdParty": state_id_text,
        "purposes": array(PURPOSE, 1, MAX_PURPOSES),
        "notBefore": seconds,
        "notAfter": seconds,
        "conditions": TEXT_MAP,
        "reason": TEXT_MAP,
        "request": HEX_32,
    },
    "sighting": {
        "kind": literal("seen", "false-positive", "expired"),
        "indicators": array(identifier(), 1, 256),
        "seenAt": seconds,
        "count": integer(0, MAX_SEEN),
        "anonymous": boolean,
        "comment": TEXT_MAP,
    },
    "annotation": {
        "kind": literal("note", "opinion", "proposal", "accept", "decline"),
        "stakeholderGroup": literal("government", "operator", "civil-society", "technical-community"),
        "provisions": array(identifier(), 1, 256),
        "text": TEXT_MAP,
        "proposedChange": TEXT_MAP,
    },
    "attribution": {
        "actor": {
            "kind": literal("state", "state-affiliated", "non-state", "unknown"),
            "name": line(512),
            "country": pattern("[A-Z]{3}"),
        },
        "likelihood": literal(*LIKELIHOODS),
        "confidence": literal("low", "moderate", "high"),
        "basis": TEXT_MAP,
        "alternatives": TEXT_MAP,
    },
    "guideline": {
        "title": TEXT_MAP,
        "status": literal("draft", "approved"),
        "summary": TEXT_MAP,
        "body": TEXT_MAP,
        "document": open_map({"digest": HEX_32}, {"name": line(512), "mediaType": line(128)}),
        "sectors": SECTOR_LIST,
        "approvedBy": line(512),
    },
    "implementation": {
        "of": state_id_text,
        "catalogue": literal("norm", "nist-csf-2.0", "cis-ig1", "nis2-21-2", "enisa-ncaf-2.0", "itu-gci-2024"),
        "norm": NORM,
        "item": identifier(),
        "assessor": literal("self", "peer", "civil-society"),
        "finding": literal("claimed", "accepted", "contested"),
        "statement": TEXT_MAP,
        "evidence": open_map({"digest": HEX_32}, {"name": line(512), "url": line(2048)}),
        "assessedAt": seconds,
    },
    "review": {
        "status": literal("open", "adopted"),
        "cycle": identifier(),
        "dueAt": seconds,
        "summary": TEXT_MAP,
        "findings": POINT,
        "proposals": POINT,
        "outcome": literal("keep", "amend", "end"),
    },
    "measure": {
        "title": TEXT_MAP,
        "legalBasis": TEXT_MAP,
        "necessity": TEXT_MAP,
        "proclaimedBy": line(512),
        "scope": TEXT_MAP,
        "startsAt": seconds,
        "reviewBy": seconds,
        "oversightBody": line(512),
        "judicialRoute": TEXT_MAP,
        "remedyRoute": TEXT_MAP,
        "commensurate": TEXT_MAP,
        "offerToNegotiate": TEXT_MAP,
        "notifiedTo": array(state_id_text, 1, 256),
        "notifiedAt": seconds,
        "renewalCount": integer(0, 1000),
        "renewalReasons": TEXT_MAP,
    },
    "assessment": {
        "title": TEXT_MAP,
        "kind": literal("proportionality", "sector-risk"),
        "status": literal("draft", "approved"),
        "trigger": TEXT_MAP,
        "legalAuthority": TEXT_MAP,
        "alternatives": TEXT_MAP,
        "commensurate": TEXT_MAP,
        "offerToNegotiate": TEXT_MAP,
        "sectors": SECTOR_LIST,
        "likelihood": literal(*LIKELIHOODS),
        "impact": literal("low", "moderate", "high", "severe"),
        "dependencies": open_map({"sector": SECTOR, "text": TEXT_MAP}),
        "reviewBy": seconds,
    },
    "clarification": {
        "kind": literal("question", "acknowledgement", "answer", "decline"),
        "to": state_id_text,
        "inReplyTo": HEX_32,
        "about": HEX_32,
        "text": TEXT_MAP,
        "replyBy": seconds,
        "reason": literal(*DECLINE_REASONS),
    },
    "contact": {
        "name": TEXT_MAP,
        "role": literal("diplomatic", "technical", "policy"),
        "ways": open_map(
            {"kind": literal("telephone", "email", "web", "messenger", "postal"), "value": line(512)},
            {"hours": line(256)},
        ),
        "languages": array(language_tag, 1, 32),
        "confirmedAt": seconds,
        "confirmEveryDays": DAYS,
    },
    "exercise": {
        "title": TEXT_MAP,
        "status": literal("planned", "running", "ended", "lessons"),
        "scenario": TEXT_MAP,
        "startsAt": seconds,
        "endsAt": seconds,
        "players": array(state_id_text, 1, 64),
        "injects": open_map(
            {"id": identifier(), "offsetSeconds": integer(0, MAX_OFFSET), "text": TEXT_MAP},
            {"to": array(state_id_text, 1, 64)},
        ),
        "lessons": TEXT_MAP,
    },
    "dispute": {
        "title": TEXT_MAP,
        "parties": array(state_id_text, 1, 64),
        "stage": literal("filed", "admissible", "fact-finding", "mediation", "recommendation", "award", "closed"),
        "neutral": line(512),
        "issues": POINT,
        "respondBy": seconds,
        "recommendation": TEXT_MAP,
        "award": TEXT_MAP,
    },
    "notice": {
        "title": TEXT_MAP,
        "text": TEXT_MAP,
        "advice": TEXT_MAP,
        "remedies": TEXT_MAP,
        "sectors": SECTOR_LIST,
        "severity": severity,
        "derivedFrom": array(HEX_32, 1, 64),
        "removed": HEX_32,
    },
}

WHOLE, FIELDS, ELEMENTS = "whole", "fields", "elements"


class Field(NamedTuple):
    """A field of a record type: how it can be withheld (record-types §1), and its form."""

    withheld: str
    form: Any


# Of each type the fields, by name.
TYPES: Dict[str, Dict[str, Field]] = {
    one["id"]: {
        field["name"]: Field(field["redaction"], FORMS[one["id"]][field["name"]]) for field in one["fields"]
    }
    for one in registry("record-types")["types"]
}
