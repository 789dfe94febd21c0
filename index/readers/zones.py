"""The names of time zones as articles use them."""

from __future__ import annotations

from datetime import tzinfo

#: Hours east of Greenwich; of names with several meanings the one most used in news.
_ZONE_NAMES = {
    0.0: "Z UTC UT GMT WET",
    1.0: "BST CET WEST WAT",
    2.0: "CEST EET SAST CAT",
    3.0: "EEST MSK EAT",
    3.5: "IRST",
    4.0: "GST",
    5.0: "PKT",
    5.5: "IST",
    5.75: "NPT",
    7.0: "ICT WIB",
    8.0: "HKT SGT AWST",
    9.0: "JST KST",
    9.5: "ACST",
    10.0: "AEST",
    11.0: "AEDT",
    12.0: "NZST",
    13.0: "NZDT",
    -3.0: "BRT ART",
    -3.5: "NST",
    -4.0: "EDT",
    -5.0: "EST CDT",
    -6.0: "CST MDT",
    -7.0: "MST PDT",
    -8.0: "PST",
}
_ZONE_HOURS = {name: hours for hours, names in _ZONE_NAMES.items() for name in names.split()}
#: Zones that name a region: their offset depends on the day.
_REGIONS = {
    "ET": ("America/New_York", -5.0),
    "CT": ("America/Chicago", -6.0),
    "MT": ("America/Denver", -7.0),
    "PT": ("America/Los_Angeles", -8.0),
}
AMERICAN = frozenset({*_REGIONS, "EDT", "EST", "CDT", "CST", "MDT", "MST", "PDT", "PST"})
"""Zones of places where a date in numbers begins with the month."""

ZONES = tuple(sorted({*_ZONE_HOURS, *_REGIONS}, key=len, reverse=True))
"""All names that are understood, longest first."""


def zone_of(name: str | None, offset: int | None) -> tzinfo | None:
    """Return the zone of a name, or of an offset in seconds, in the form that dateutil asks for.

    Going by these names keeps the names of the machine's own zone out of it.
    """
    from dateutil import tz

    if offset is not None:
        return tz.tzoffset(None, offset)
    if name in _REGIONS:
        region, hours = _REGIONS[name]
        return tz.gettz(region) or tz.tzoffset(None, hours * 3600)
    return tz.tzoffset(None, _ZONE_HOURS.get(name or "", 0.0) * 3600)
