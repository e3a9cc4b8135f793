"""What laws ask to be reported about an incident (duties §5; the operations of §7)."""

from __future__ import annotations

import re
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Tuple

from .duty_account import Account, Falls, among, anchor_fields, falls_under, profiles
from .duty_calendar import (
    MAX_AMOUNT,
    UNITS,
    Calendar,
    calendar_form,
    end_of_period,
    noon_next_working_day,
)
from .forms import DOCUMENTS, TIME
from .inputs import Form, bad_input, boolean, hex_bytes, integer_from, list_of, members, one_of, text
from .ladder import known_states
from .norm import Views
from .record_lookup import KNOWN
from .record_view import View

NO_CLOCK = ("onRequest", "whereNecessary", "oralThenWritten")  # 5.6
PRIOR = "prior-stage-submission"

Stage = Dict[str, Any]


class Anchor(NamedTuple):
    """An event that a limit counts from, as the incident tells it, and whether it may be told and is not shown."""

    event: str
    at: Optional[int]
    record: Optional[bytes]
    restated: bool
    open: bool

    def shown(self) -> Dict[str, object]:
        out: Dict[str, object] = {"event": self.event, "restated": self.restated}
        if self.at is not None:
            out["atSeconds"] = self.at
        if self.record is not None:
            out["record"] = self.record.hex()
        return out


class Limit(NamedTuple):
    """What a limit comes to."""

    anchor: Anchor
    due: Optional[int]
    cap: Optional[int]


class Duties:
    """The duties of one incident at a time."""

    def __init__(self, account: Account, calendar: Calendar, at: int) -> None:
        self.account = account
        self.calendar = calendar
        self.at = at

    def reports(self, stage: Stage) -> List[View]:
        """The reports that meet a stage (4.2)."""
        meeting = [view for view, _, value in self.account.each("stage") if value in stage["reports"]]
        if "says" not in stage:
            return meeting
        saying = {view.record.id for view, status, _ in self.account.each(stage["says"]) if status == KNOWN}
        return [view for view in meeting if view.record.id in saying]

    def prior(self, profile: Dict[str, Any], stage: Stage) -> Optional[View]:
        """The report that a limit counts from (5.1)."""
        before = [one for one in profile["stages"] if one["id"] == stage.get("after")]
        reports = self.reports(before[0]) if before else []
        if not reports or not stage.get("last"):
            return reports[0] if reports else None
        own = self.reports(stage)
        earlier = [one for one in reports if not own or order(one) < order(own[0])]
        return earlier[-1] if earlier else reports[0]

    def anchor(self, profile: Dict[str, Any], stage: Stage, event: str) -> Anchor:
        """An event (1.1, 5.1, 5.8)."""
        if event == PRIOR:
            report = self.prior(profile, stage)
            if report is None:
                return Anchor(event, None, None, False, False)
            return Anchor(event, report.record.issued_at, report.record.id, False, False)
        field, always = anchor_fields()[event]
        assert field is not None
        told = self.account.told(field)
        return Anchor(event, told.value, told.record, told.restated, told.unknown or always)

    def limit(self, profile: Dict[str, Any], stage: Stage) -> Limit:
        """The limit of a stage (5.2, 5.3)."""
        anchor = self.anchor(profile, stage, stage["anchor"])
        cap: Optional[int] = None
        if "cap" in stage:
            begin = self.anchor(profile, stage, stage["cap"]["anchor"]).at
            if begin is not None:
                cap = end_of_period(begin, stage["cap"]["amount"], stage["cap"]["unit"], self.calendar)
        if anchor.at is None:
            return Limit(anchor, None, cap)
        due = end_of_period(anchor.at, stage["amount"], stage["unit"], self.calendar)
        if cap is not None and anchor.at <= cap:
            due = min(due, cap)
        if "calendar" in stage and self.has_relief(stage):
            due = noon_next_working_day(due, self.calendar)
        return Limit(anchor, due, None)

    def has_relief(self, stage: Stage) -> bool:
        """Whether a limit may be moved (5.3)."""
        if "notFor" not in stage:
            return True
        sectors = self.account.told("sectors").value
        return sectors is not None and not among(sectors, stage["notFor"])

    def explanation(self, profile: str, stage: Stage, due: int, report: Optional[View]) -> Optional[bytes]:
        """The record that explains a delay (5.5)."""
        if "late" not in stage or (stage["late"] == "withReport" and report is None):
            return None
        end = due if report is None or stage["late"] == "beforeLimit" else report.record.issued_at
        for view, status, delays in self.account.each("delays"):
            if status == KNOWN and view.record.issued_at <= end:
                for delay in delays:
                    if delay["stage"] == stage["id"] and delay.get("profile", profile) == profile:
                        return view.record.id
        return None

    def of_profile(self, falls: Falls) -> List[Dict[str, object]]:
        """The duties by one profile (5.6, 5.7)."""
        if not has_duties(falls):
            return []
        profile = profiles()[falls.profile]
        out: List[Dict[str, object]] = []
        for stage in profile["stages"]:
            idle = [one for one in stage.get("modifiers", ()) if one in NO_CLOCK]
            if falls.standing != "applies":
                out.append(self.without_clock(profile, stage, falls.standing))
            elif idle or "amount" not in stage:
                out.append(self.without_clock(profile, stage, idle[0] if idle else "whereNecessary"))
            else:
                out += [self.duty(profile, one, limit) for one, limit in self.split(profile, stage)]
        return out

    def split(self, profile: Dict[str, Any], stage: Stage) -> List[Tuple[Stage, Limit]]:
        """A stage with its limit, or the two that it becomes while the incident goes on (5.7)."""
        limit = self.limit(profile, stage)
        if "whileOngoing" not in stage or limit.due is None:
            return [(stage, limit)]
        resolved = self.account.told("resolvedAt").value
        if resolved is None:
            ongoing = any(value == "progress" for _, _, value in self.account.each("stage"))
        else:
            ongoing = resolved > limit.due
        if not ongoing:
            return [(stage, limit)]
        progress = {**stage, "id": stage["whileOngoing"], "reports": [*stage["reports"], "progress"]}
        anew = {**stage, "anchor": "resolution"}
        return [(progress, limit), (anew, self.limit(profile, anew))]

    def duty(self, profile: Dict[str, Any], stage: Stage, limit: Limit) -> Dict[str, object]:
        """One duty with what it comes to (5.4, 5.8)."""
        reports = self.reports(stage)
        report = reports[0] if reports else None
        out = self.named(profile, stage, limit.anchor, report)
        if limit.due is None:
            out["status"] = "anchor-unknown" if limit.anchor.open else "not-started"
            if limit.cap is not None:
                out["capAtSeconds"] = limit.cap
            return out
        out["dueAtSeconds"] = limit.due
        explanation = self.explanation(profile["id"], stage, limit.due, report)
        if explanation is not None:
            out["explanation"] = explanation.hex()
        if report is not None and report.record.issued_at <= limit.due:
            out["status"] = "met"
        elif report is None and self.at <= limit.due:
            out["status"] = "pending"
        else:
            out["status"] = "missed" if explanation is None else "late-explained"
        return out

    def without_clock(self, profile: Dict[str, Any], stage: Stage, reason: str) -> Dict[str, object]:
        """A duty without a limit (5.6)."""
        reports = self.reports(stage)
        anchor = self.anchor(profile, stage, stage["anchor"])
        out = self.named(profile, stage, anchor, reports[0] if reports else None)
        return {**out, "status": "no-clock", "reason": reason}

    def named(
        self, profile: Dict[str, Any], stage: Stage, anchor: Anchor, report: Optional[View]
    ) -> Dict[str, object]:
        out: Dict[str, object] = {
            "profile": profile["id"],
            "stage": stage["id"],
            "anchor": anchor.shown(),
            "modifiers": stage.get("modifiers", []),
        }
        if report is not None:
            out["report"] = {"id": report.record.id.hex(), "atSeconds": report.record.issued_at}
        return out


def order(view: View) -> Tuple[int, bytes]:
    """The order of reports (4.2)."""
    return view.record.issued_at, view.record.id


def has_duties(falls: Falls) -> bool:
    """Whether duties of a profile are listed (5.6)."""
    return falls.standing in ("applies", "pending", "not-yet")


def unknown_fields(account: Account, found: List[Falls]) -> List[str]:
    """The fields that are needed and not certain (4.4)."""
    anchors = anchor_fields()
    newest = {"legalProfiles", "sectors", "awareAt", "noticedAt", "detectedAt", "victim"}
    every = {"stage"}
    for falls in filter(has_duties, found):
        for stage in profiles()[falls.profile]["stages"]:
            events = [stage["anchor"]]
            events += [stage["cap"]["anchor"]] if "cap" in stage else []
            events += ["resolution"] if "whileOngoing" in stage else []
            newest.update(field for field, _ in map(anchors.__getitem__, events) if field is not None)
            every.update([stage["says"]] if "says" in stage else [])
            every.update(["delays"] if "late" in stage else [])
    unknown = {field for field in newest if account.told(field).unknown}
    return sorted(unknown | {field for field in every if account.hidden(field)})


def status_operation(value: Dict[str, object]) -> object:
    """`duty.status` (7.2)."""
    given: Dict[str, Any] = members(
        value,
        {
            "incident": hex_bytes,
            "incidents": DOCUMENTS,
            "retractions": DOCUMENTS,
            "charters": DOCUMENTS,
            "certificates": DOCUMENTS,
            "profiles": list_of(matching("[A-Za-z0-9][A-Za-z0-9._:|/+-]{0,127}")),
            "country?": matching("[A-Z]{3}"),
            "calendar": calendar_form,
            "atSeconds": TIME,
        },
    )
    views = Views(known_states(tuple(given["charters"]), tuple(given["certificates"])))
    about = views.add(given["incident"])
    if views.authorised[about].record.type != "incident":
        bad_input()
    incidents = dict.fromkeys([about, *map(views.add, given["incidents"])])
    retractions = dict.fromkeys(map(views.add, given["retractions"]))
    merged = views.merged()
    account = Account(
        merged[about], [merged[one] for one in incidents], [merged[one] for one in retractions], given["atSeconds"]
    )
    calendar = given["calendar"]
    found = falls_under(account, given["profiles"], given.get("country"), calendar) if account.reports else []
    duties = Duties(account, calendar, given["atSeconds"])
    return {
        "profiles": [one.shown() for one in found],
        "duties": [duty for one in found for duty in duties.of_profile(one)],
        "unknown": unknown_fields(account, found) if account.reports else [],
        "ignored": [{"id": record_id.hex(), "reason": reason} for record_id, reason in account.ignored],
    }


def matching(pattern: str) -> Form:
    """The form of a text of this pattern."""

    def form(value: object) -> str:
        read = text(value)
        if not re.fullmatch(pattern, read):
            bad_input()
        return read

    return form


def limit_operation(value: Dict[str, object]) -> object:
    """`duty.limit` (7.1)."""
    given: Dict[str, Any] = members(
        value,
        {
            "atSeconds": TIME,
            "amount": integer_from(0, MAX_AMOUNT),
            "unit": one_of(*UNITS),
            "calendar": calendar_form,
            "noonNextWorkingDay": boolean,
        },
    )
    limit = end_of_period(given["atSeconds"], given["amount"], given["unit"], given["calendar"])
    return {"atSeconds": noon_next_working_day(limit, given["calendar"]) if given["noonNextWorkingDay"] else limit}


OPERATIONS: Dict[str, Callable[[Dict[str, object]], object]] = {
    "duty.limit": limit_operation,
    "duty.status": status_operation,
}
