"""The filters: what the answer is made of, with counts; each choice narrows the list behind at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from search.facets import Facet, Facets
from tui.filters import Filter
from tui.screens.chooser import Choice, Chooser

MOST_SHOWN = 2000
"""Values of one field that are listed; the rest is found by typing only after narrowing by others."""


class FilterScreen(Chooser[Filter]):
    """Switches filters on and off; `toggle` is called with each."""

    def __init__(self, toggle: Callable[[Filter], None]) -> None:
        super().__init__("filters", [], "type to narrow: 1987, reuters, a name")
        self._toggle = toggle

    def facets(self, found: Facets, filters: Sequence[Filter]) -> None:
        """Show what the answer is made of."""
        self.show(choices(found, filters))

    def picked(self, value: Filter) -> None:
        """Put the filter on or off, and stay."""
        self._toggle(value)


def choices(found: Facets, filters: Sequence[Filter]) -> list[Choice[Filter]]:
    """Return the lines for `found`, filters that are on first in each part, even if nothing has them."""
    dates = found.years if len(found.years) != 1 else (*found.years, *found.months)
    picked_years = {one.value[:4] for one in filters if one.field == "date"}
    if len(found.years) > 1 and picked_years:
        dates = tuple(
            part
            for year in found.years
            for part in (
                year,
                *(m for m in found.months if year.value in picked_years and m.value[:4] == year.value),
            )
        )
    lines: list[Choice[Filter]] = []
    for title, field, facets in (
        ("Date", "date", dates),
        ("Source", "source", found.sources),
        ("Author", "author", found.authors),
        ("Folder", "folder", found.folders),
    ):
        lines += _part(title, field, facets[:MOST_SHOWN], [one for one in filters if one.field == field])
    return lines


def _part(title: str, field: str, facets: Sequence[Facet], on: Sequence[Filter]) -> list[Choice[Filter]]:
    there = {facet.value for facet in facets}
    gone = [Choice(one, one.value, "0", on=True) for one in on if one.value not in there]
    lines = [
        Choice(
            Filter(field, facet.value),
            facet.value if len(facet.value) != len("1987-06") or field != "date" else f"  {facet.value}",
            f"{facet.articles:,}",
            on=Filter(field, facet.value) in on,
        )
        for facet in facets
    ]
    heading: Choice[Filter] = Choice(None, title)
    return [heading, *gone, *lines] if gone or lines else []
