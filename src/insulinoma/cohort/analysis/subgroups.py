"""Patients of a trial split by what they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from insulinoma.cohort.design import Trial

if TYPE_CHECKING:
    import polars


def levels(trial: Trial, table: polars.DataFrame) -> Iterator[tuple[str, str, polars.DataFrame]]:
    """Each subgroup with its levels and the rows of those in it."""
    for item in trial.subgroups:
        values = table[item.column]
        if item.at is not None:
            yield item.name, f"below {item.at:g}", table.filter(values < item.at)
            yield item.name, f"{item.at:g} or more", table.filter(values >= item.at)
            continue
        for level in sorted(values.drop_nulls().unique().to_list()):
            yield item.name, item.labels.get(str(level), str(level)), table.filter(values == level)
