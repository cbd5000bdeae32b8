"""Patients of a trial split by what they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from insulinoma.cohort.design import Trial

if TYPE_CHECKING:
    import polars

Level = tuple[str, int, str]
"""A subgroup, the place of the level in its order, and the level in words."""
EVERYONE: Level = ("all", 0, "")


def levels(trial: Trial, table: polars.DataFrame) -> Iterator[tuple[Level, polars.DataFrame]]:
    """Each subgroup with its levels and the rows of those in it."""
    for item in trial.subgroups:
        values = table[item.column]
        if item.at is not None:
            yield (item.name, 0, f"below {item.at:g}"), table.filter(values < item.at)
            yield (item.name, 1, f"{item.at:g} or more"), table.filter(values >= item.at)
            continue
        for level in sorted(values.drop_nulls().unique().to_list()):
            yield (item.name, 0, item.labels.get(str(level), str(level))), table.filter(values == level)
