"""The summary of simulation-based calibration: ranks, coverage and recovery of all patients that were computed."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np

from scripts.sbc_records import KINDS

DOCS = Path(__file__).resolve().parents[1] / "docs"
BINS, LEVELS = 10, (50, 80, 95)
# With fewer patients a histogram of ranks shows nothing.
_FEWEST = 4 * BINS
COLUMNS = (
    "kind", "quantity", "patients", "p_uniform",
    *(f"inside_{level}" for level in LEVELS), *(f"expected_{level}" for level in LEVELS),
    "median_error_percent", "prior_median_error_percent",
)  # fmt: skip


def summarize(folder: Path) -> None:
    """Writes the table and the figure, and prints what each kind of record cost."""
    found = {kind: [json.loads(path.read_text()) for path in sorted(folder.glob(f"{kind}-*.json"))] for kind in KINDS}
    with (DOCS / "explanation" / "sbc.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(COLUMNS)
        for kind, patients in found.items():
            for name in patients[0]["quantities"] if patients else ():
                table.writerow(row(kind, name, [patient["quantities"][name] for patient in patients]))
    for kind, patients in found.items():
        if patients:
            print(f"{kind}: {_cost(patients)}")
    _draw({kind: patients for kind, patients in found.items() if len(patients) >= _FEWEST})


def _cost(patients: list[dict[str, Any]]) -> str:
    """What patients cost and how well they were sampled, in words."""
    seconds, effective = (np.median([patient[key] for patient in patients]) for key in ("core_seconds", "ess_min"))
    shapes = [patient["pareto_k"] for patient in patients if patient["pareto_k"] is not None]
    return (
        f"{len(patients)} patients, {len(patients) - len(shapes)} of them by tempering; medians: {seconds:.0f} core-s, "
        f"{effective:.0f} effective draws, Pareto k {np.median(shapes):.2f} (up to {max(shapes):.2f})"
    )


def row(kind: str, name: str, answers: list[dict[str, Any]]) -> tuple[str, ...]:
    """One line of the table: is the rank of the truth uniform, do intervals cover, how far off is the median."""
    from scipy import stats

    counts = np.histogram([answer["rank"] for answer in answers], bins=BINS, range=(0, 1))[0]
    uniform = float(stats.chisquare(counts).pvalue)
    inside = [sum(answer["inside"][str(level)] for answer in answers) for level in LEVELS]
    bounds = [stats.binom.ppf([0.005, 0.995], len(answers), level / 100).astype(int) for level in LEVELS]
    expected = [f"{low} to {high}" for low, high in bounds]
    return (kind, name, str(len(answers)), f"{uniform:.3f}", *map(str, inside), *expected, *_errors(answers))


def _errors(answers: list[dict[str, Any]]) -> list[str]:
    """The median error of the posterior and of the prior median in percent, where there is a prior."""
    if "prior_median" not in answers[0]:
        return ["", ""]
    return [
        f"{100 * float(np.median([abs(answer[key] / answer['truth'] - 1) for answer in answers])):.0f}"
        for key in ("median", "prior_median")
    ]


def _draw(found: dict[str, list[dict[str, Any]]]) -> None:
    """Rank histograms, with the band in which 98 % of uniform counts lie."""
    import matplotlib.pyplot as plt
    from scipy import stats

    names = list(dict.fromkeys(name for patients in found.values() for name in patients[0]["quantities"]))
    figure, panels = plt.subplots(
        len(found), len(names), figsize=(1.5 * len(names), 1.9 * len(found)), squeeze=False, layout="constrained"
    )
    for line, (kind, patients) in zip(panels, found.items(), strict=True):
        low, high = stats.binom.ppf([0.01, 0.99], len(patients), 1 / BINS)
        for panel, name in zip(line, names, strict=True):
            if name not in patients[0]["quantities"]:
                panel.set_axis_off()
                continue
            ranks = [patient["quantities"][name]["rank"] for patient in patients]
            panel.axhspan(low, high, color="#d9d9d9")
            panel.hist(ranks, bins=BINS, range=(0, 1), color="#0072B2")
            panel.set_title(f"{kind}: {name.replace('_', ' ')}", fontsize=6)
            panel.tick_params(labelsize=6)
            panel.spines[["top", "right"]].set_visible(False)
    figure.savefig(DOCS / "images" / "sbc.png", dpi=130)
    plt.close(figure)
