"""What the records of an incident say, and which laws it falls under (duties §4)."""

from __future__ import annotations

import re
from typing import Any, Dict, Iterable, List, NamedTuple, Optional, Set, Tuple

from .duty_calendar import Calendar, date_text
from .norm_records import read_field
from .record_lookup import KNOWN, UNKNOWN, look_up
from .record_view import View
from .registries import registry

Reason = Tuple[bytes, str]


def anchor_fields() -> Dict[str, Tuple[Optional[str], bool]]:
    """Of each anchor its field, and whether it has always been (1.1)."""
    return {one["id"]: (one.get("field"), one["always"]) for one in registry("deadline-profiles")["anchors"]}


def profiles() -> Dict[str, Dict[str, Any]]:
    """The registered profiles, each with its stages (2.1)."""
    listed = {one["id"]: one for one in registry("deadline-profiles")["profiles"]}
    return {
        name: {**one, "stages": one["stages"] if "stages" in one else listed[one["stagesOf"]]["stages"]}
        for name, one in listed.items()
    }


class Told(NamedTuple):
    """What the newest record that states a field says (4.3). `value` and `record` are `None` where none does."""

    value: Any
    record: Optional[bytes]
    restated: bool
    unknown: bool


class Account:
    """The records of an incident that count, in order (4.1, 4.2)."""

    def __init__(self, about: View, incidents: List[View], retractions: List[View], at: int) -> None:
        ignored: Set[Reason] = set()
        withdrawn: Set[bytes] = set()

        def foreign(view: View) -> Optional[str]:
            if view.record.issuer != about.record.issuer:
                return "other-incident"
            if view.record.exercise != about.record.exercise:
                return "other-exercise"
            return "issued-later" if view.record.issued_at > at else None

        for view in retractions:
            reason = "other-type" if view.record.type != "retraction" else foreign(view)
            if reason is not None:
                ignored.add((view.record.id, reason))
            elif view.record.retracts is not None:
                withdrawn.add(view.record.retracts)
        counting: List[View] = []
        for view in incidents:
            reason = foreign(view)
            if reason is None and view.record.type != "incident":
                reason = "other-type"
            if reason is None and view.record.subject != about.record.subject:
                reason = "other-incident"
            if reason is None and view.record.id in withdrawn:
                reason = "retracted"
            if reason is None:
                counting.append(view)
            else:
                ignored.add((view.record.id, reason))
        self.reports = sorted(counting, key=lambda view: (view.record.issued_at, view.record.id))
        self.ignored = sorted(ignored)

    def each(self, field: str) -> List[Tuple[View, str, Any]]:
        """What each record says about a field: whether it is known, absent or unknown, and its value."""
        return [(view, *self.read(view, field)) for view in self.reports]

    def read(self, view: View, field: str) -> Tuple[str, Any]:
        if field != "victim":
            return read_field(view, field)
        found = look_up(view, ("victim", "country"))
        if found.status != KNOWN:
            return found.status, None
        is_country = type(found.value) is str and re.fullmatch("[A-Z]{3}", found.value)
        return (KNOWN, found.value) if is_country else (UNKNOWN, None)

    def told(self, field: str) -> Told:
        """What counts of a field; of `victim` its country."""
        value, record, unknown = None, None, False
        said = self.each(field)
        for view, status, shown in said:
            if status == KNOWN:
                value, record, unknown = shown, view.record.id, False
            elif status == UNKNOWN:
                unknown = True
        restated = any(status == KNOWN and shown != value for _, status, shown in said)
        return Told(value, record, restated, unknown)

    def hidden(self, field: str) -> bool:
        """Whether any record that counts has a field unknown (4.4)."""
        return any(status == UNKNOWN for _, status, _ in self.each(field))


def among(sectors: Optional[Iterable[str]], listed: Iterable[str]) -> bool:
    """Whether a sector is one of those listed, or a sub-sector of one."""
    names = set(listed)
    return any(one in names or one.split("/")[0] in names for one in sectors or ())


class Falls(NamedTuple):
    """Whether a profile is about an incident."""

    profile: str
    standing: str
    named: bool
    assumed: List[str]
    by: Optional[str] = None

    def shown(self) -> Dict[str, object]:
        out: Dict[str, object] = {
            "profile": self.profile,
            "standing": self.standing,
            "named": self.named,
            "assumed": self.assumed,
        }
        return out if self.by is None else {**out, "by": self.by}


def date_of_incident(account: Account, calendar: Calendar) -> str:
    """The local date by which what is in force is judged (4.9)."""
    for field in ("awareAt", "noticedAt", "detectedAt"):
        value = account.told(field).value
        if value is not None:
            return date_text(calendar.local(value)[0])
    return date_text(calendar.local(account.reports[0].record.issued_at)[0])


def force(profile: Dict[str, Any], date: str) -> str:
    """Whether a profile is in force (4.9)."""
    if profile["state"] == "pending":
        return "pending"
    if "from" in profile and date < profile["from"]:
        return "not-yet"
    if "until" in profile and date > profile["until"]:
        return "ended"
    return "applies" if profile["stages"] else "no-clock"


def falls_under(account: Account, used: List[str], home: Optional[str], calendar: Calendar) -> List[Falls]:
    """The profiles of an incident (4.5 to 4.9)."""
    named = set(account.told("legalProfiles").value or ())
    sectors, country = account.told("sectors").value, account.told("victim").value
    date = date_of_incident(account, calendar)
    known = profiles()
    found: List[Falls] = []
    for name in sorted(named | set(used)):
        profile = known.get(name)
        if profile is None:
            found.append(Falls(name, "unregistered", name in named, []))
        elif name in named:
            found.append(Falls(name, force(profile, date), True, []))
        elif "sectors" in profile and sectors is not None and not among(sectors, profile["sectors"]):
            found.append(Falls(name, "other-sector", False, []))
        elif "countries" in profile and country not in (None, home, *profile["countries"]):
            found.append(Falls(name, "other-country", False, []))
        else:
            assumed = [
                word
                for word, key, stated in (("country", "countries", country), ("sectors", "sectors", sectors))
                if key in profile and stated is None
            ]
            found.append(Falls(name, force(profile, date), False, assumed))
    applying = [known[one.profile] for one in found if one.standing == "applies"]

    def displaced(one: Falls) -> Falls:
        if one.standing != "applies":
            return one
        names = {one.profile, known[one.profile].get("variantOf")}
        for other in applying:
            if names & set(other.get("displaces", ())) and among(sectors, other.get("sectors", ())):
                return one._replace(standing="displaced", by=other["id"])
        return one

    return [displaced(one) for one in found]
