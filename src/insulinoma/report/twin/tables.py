"""The tables behind the figures of the twin, as CSV text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from insulinoma.calibrate.posterior import Posterior

_PERCENTILES = (5, 25, 50, 75, 95)


def fan_csv(posterior: Posterior) -> str:
    """Percentiles of every daily quantity of the posterior, and of the prior, by record day."""
    rows: list[list[Any]] = []
    for group, of in (("predictions", "posterior"), ("predictions_prior", "prior")):
        data = posterior.tree[group]
        for name in map(str, data.data_vars):
            days, values = posterior.daily(name, group=group)
            levels = np.nanpercentile(values, _PERCENTILES, axis=0)
            unit = data[name].attrs["units"]
            rows += [[of, name, unit, int(day), *map(_short, levels[:, i])] for i, day in enumerate(days)]
    return _text(("of", "quantity", "unit", "day", *(f"p{level}" for level in _PERCENTILES)), rows)


def what_if_csv(result: dict[str, Any]) -> str:
    """Every endpoint of every scenario with its paired difference."""
    rows = []
    for name, scenario in result["scenarios"].items():
        for endpoint, item in scenario["endpoints"].items():
            difference = item.get("difference") or {"median": "", "interval_90": ("", "")}
            own = [item["median"], *item["interval_90"]]
            paired = [difference["median"], *difference["interval_90"]]
            rows.append([name, endpoint, item["unit"], *own, *paired, item.get("share_of_prior", "")])
    columns = ("scenario", "endpoint", "unit", "median", "p5", "p95")
    return _text((*columns, "difference", "difference_p5", "difference_p95", "share_of_prior"), rows)


def _short(value: float) -> str:
    return f"{value:.6g}"


def _text(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return buffer.getvalue()
