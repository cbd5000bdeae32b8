"""Colors and marks: the Okabe-Ito palette, one color a quantity, a shape for all that color says."""

from __future__ import annotations

INK = "#1a1a1a"
QUIET = "#595959"
FAINT = "#b8b8b8"
STRIP = "#f1f1f1"
PAPER = "#ffffff"

BLUE, SKY, GREEN, VERMILION = "#0072B2", "#56B4E9", "#009E73", "#D55E00"
ORANGE, PURPLE, GRAY, YELLOW = "#E69F00", "#CC79A7", "#7f7f7f", "#F0E442"

PROCEDURE_RULE = "#9c4f7b"

TREATMENTS = {
    "carbohydrate": ORANGE, "K-ATP opener": SKY, "somatostatin analog": BLUE, "glucagon": VERMILION,
    "glucocorticoid": VERMILION, "mTOR inhibitor": GREEN, "tyrosine kinase inhibitor": GREEN,
    "cytotoxic": GREEN, "interferon": GREEN, "PRRT": GREEN, "embolization": PURPLE, "ablation": PURPLE,
    "surgery": PURPLE, "radiotherapy": PURPLE, "diagnostic": GRAY,
}  # fmt: skip

LEVELS = {
    "": (BLUE, "circle"), "level 1": (ORANGE, "square"), "level 2": (VERMILION, "triangle"),
    "level 3": ("#8f1d00", "star"),
}  # fmt: skip

MARKERS = {
    "nse": (BLUE, "circle"), "ca19_9": (VERMILION, "square"), "dupan_2": (GREEN, "triangle"),
    "span_1": ("#a35a85", "diamond"), "chromogranin_a": ("#8a6000", "pentagon"),
}  # fmt: skip

SENSOR = "#4d95c4"
BELOW_54, BELOW_70 = "#fbe3d6", "#fdf3dd"
STATED, STATED_BAD, STATED_GOOD = "#8b9bab", "#cf6a33", "#3c9c7d"


def treatment_color(kind: str) -> str:
    """The color of a class of treatment, gray for one without its own.

    >>> treatment_color("embolization")
    '#CC79A7'
    """
    return TREATMENTS.get(kind, GRAY)
