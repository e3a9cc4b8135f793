"""When a period ends by the clocks and days off of a state (duties §3)."""

from __future__ import annotations

import re
from typing import Any, Dict, FrozenSet, List, NamedTuple, Tuple

from .forms import TIME
from .inputs import Form, bad_input, integer_from, list_of, members, text
from .shapes import MAX_SECONDS

DAY_SECONDS = 86400
NOON = 43200
ELAPSED = {"minutes": 60, "hours": 3600}  # 3.2
UNITS = ("minutes", "hours", "days", "workingDays", "months")
MAX_AMOUNT = 36525


class Calendar(NamedTuple):
    """The local time and the days off of a state (3.1). Offsets are pairs of time and seconds ahead of UTC."""

    offsets: List[Tuple[int, int]]
    holidays: FrozenSet[str]
    weekend: FrozenSet[int]

    def local(self, at: int) -> Tuple[int, int]:
        """The local day, from 1970-01-01 on, and the second of it, at a time."""
        ahead = self.offsets[0][1] if self.offsets else 0
        for begin, offset in self.offsets:
            if begin <= at:
                ahead = offset
        return divmod(at + ahead, DAY_SECONDS)

    def moment(self, day: int, second: int) -> int:
        """The first moment at which local clocks show a time or a later one (3.5), within bounds (3.7)."""
        shown = day * DAY_SECONDS + second
        moment = shown if not self.offsets else self.first_moment(shown)
        return min(max(moment, 0), MAX_SECONDS)

    def first_moment(self, shown: int) -> int:
        begins = [begin for begin, _ in self.offsets]
        for index, (begin, ahead) in enumerate(self.offsets):
            moment = shown - ahead
            if index > 0:
                moment = max(moment, begin)
            if index + 1 == len(begins) or moment < begins[index + 1]:
                return moment
        raise AssertionError("the last offset has no end")

    def is_off(self, day: int) -> bool:
        return (day + 3) % 7 + 1 in self.weekend or date_text(day) in self.holidays

    def working_days_after(self, day: int, amount: int) -> int:
        while amount > 0:
            day += 1
            amount -= not self.is_off(day)
        return day


def end_of_period(begin: int, amount: int, unit: str, calendar: Calendar) -> int:
    """When a limit ends (3.2 to 3.5)."""
    if unit in ELAPSED:
        return min(begin + amount * ELAPSED[unit], MAX_SECONDS)
    day, second = calendar.local(begin)
    if unit == "days":
        day += amount
    elif unit == "workingDays":
        day = calendar.working_days_after(day, amount)
    else:
        day = months_after(day, amount)
    return calendar.moment(day, second)


def noon_next_working_day(limit: int, calendar: Calendar) -> int:
    """The limit, moved where it falls on a day off (3.6)."""
    day, _ = calendar.local(limit)
    return calendar.moment(calendar.working_days_after(day, 1), NOON) if calendar.is_off(day) else limit


def months_after(day: int, amount: int) -> int:
    """The same day of a later month, or the last day of it (3.4)."""
    year, month, day_of_month = civil(day)
    years, months = divmod(month - 1 + amount, 12)
    first = day_number(year + years, months + 1)
    following = day_number(year + years + (months == 11), (months + 1) % 12 + 1)
    return min(first + day_of_month - 1, following - 1)


def day_number(year: int, month: int) -> int:
    """The first day of a month, in days from 1970-01-01. Years are counted from March, so that leap days end them."""
    if month < 3:
        year -= 1
    from_march = (month - 3) % 12
    return year * 365 + year // 4 - year // 100 + year // 400 + (153 * from_march + 2) // 5 - 719468


def civil(day: int) -> Tuple[int, int, int]:
    """Year, month and day of the month of a day."""
    year = 1970 + day // 366 - 1
    while day_number(year + 1, 1) <= day:
        year += 1
    month = max(month for month in range(1, 13) if day_number(year, month) <= day)
    return year, month, day - day_number(year, month) + 1


def date_text(day: int) -> str:
    """The date of a day."""
    year, month, day_of_month = civil(day)
    return f"{year:04d}-{month:02d}-{day_of_month:02d}"


def ascending(numbers: List[int]) -> bool:
    return all(one < following for one, following in zip(numbers, numbers[1:]))


def date_form(value: object) -> str:
    """A text in the form of a date."""
    read = text(value)
    if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", read):
        bad_input()
    return read


OFFSET = {"fromSeconds": TIME, "offsetSeconds": integer_from(-86399, 86399)}


def calendar_form(value: object) -> Calendar:
    """A calendar of `in` (§7)."""
    offset: Form = lambda one: members(one, OFFSET)
    given: Dict[str, Any] = members(
        value,
        {"offsets": list_of(offset), "holidays": list_of(date_form), "weekend": list_of(integer_from(1, 7))},
    )
    offsets = [(one["fromSeconds"], one["offsetSeconds"]) for one in given["offsets"]]
    weekend = given["weekend"]
    if not ascending([begin for begin, _ in offsets]) or not ascending(weekend) or len(weekend) > 6:
        bad_input()
    return Calendar(offsets, frozenset(given["holidays"]), frozenset(weekend))
