"""The section of a report on the twin: how it fits, what moved, three scenarios, and its limits."""

from __future__ import annotations

from typing import Any

from insulinoma.report.blocks import Block, Cell, Figure, Paragraph, Section, Tone, table
from insulinoma.report.twin.forest import SAME
from insulinoma.report.words import plural, three_digits

TWIN, WHAT_IF = "twin", "what-if"
SCENARIOS = ("no-embolization", "only-right-lobe", "no-chemotherapy")
_TONES: dict[str, Tone] = {"agrees": "met", "doubtful": "open", "contradicted": "caution"}
_SHOWN = 12
_LIMITS = (
    "The twin is a set of equations with parameters of other people, moved as far as this record asks. "
    "Doses, rates and dates that the record does not state are assumptions, drawn hatched. A scenario that leaves what "
    "was done far behind says more of the model and its prior than of the patient. It is no forecast, and no advice."
)
_FEW_DRAWS = (
    "With so few draws the numbers are rough. 'insulinoma calibrate -o twin.nc' makes more of them, and "
    "'insulinoma report --posterior twin.nc' shows those."
)


def twin_section(calibrated: dict[str, Any], compared: dict[str, Any] | None) -> Section:
    """The section from the JSON forms of a calibration and, where scenarios fit the record, of what-if."""
    blocks: list[Block] = [Paragraph(line) for line in calibrated["summary"]]
    if calibrated["diagnostics"]["failed"]:
        blocks.append(Paragraph(_FEW_DRAWS, "caution"))
    blocks.append(
        Figure(
            TWIN,
            "The twin over the course. Black: measured, over the days on which it may lie; colored lines: stated. "
            "Blue: the twin after the record, dashed gray: before it. Hatched: treatments whose dose is assumed.",
            "Bands of the lowest glucose of the day, insulin, a marker and the liver metastases by day, with the data.",
        )
    )
    blocks += [_facts(calibrated), _parameters(calibrated)]
    if compared is not None:
        blocks += [_figure(compared), _scenarios(compared)]
    blocks.append(_assumptions(calibrated))
    blocks.append(Paragraph(_LIMITS, "caution"))
    return Section("The twin", tuple(blocks))


def no_twin_section(reason: str) -> Section:
    """The section where no twin could be calibrated, with the reason."""
    return Section("The twin", (Paragraph(f"No twin was calibrated. {reason}", "open"),))


def _facts(calibrated: dict[str, Any]) -> Block:
    rows: list[list[Cell | str]] = []
    for name, check in calibrated["facts"].items():
        unit = "" if check["unit"] == "1" else f" {check['unit']}"
        how = f"{check['probability']:.2f}" if check["probability"] is not None else ""
        verdict = Cell(check["verdict"], _TONES[check["verdict"]])
        rows.append([name, _said(check, unit), f"{_span(check['predicted'])}{unit}", how, verdict])
    columns = ("fact", "says", "the twin: median (90 %)", "probability", "verdict")
    caption = (
        "Each fact and what the twin would give again; for a statement its posterior probability. Without a unit: the "
        "quantity after by that before, and for necrosis the share that is viable. "
        f"{plural(len(calibrated['not_used']), 'fact')} of the record speak of nothing that the model holds."
    )
    return table("twin-facts", caption, columns, rows, (3, 3.6, 3.6, 1.6, 1.8))


def _said(check: dict[str, Any], unit: str) -> str:
    """What a fact says, a number also in the unit of the twin."""
    says = str(check["says"])
    if check["observed"] is None or says.endswith(unit):
        return says
    return f"{says} ({three_digits(check['observed'])}{unit})"


def _parameters(calibrated: dict[str, Any]) -> Block:
    moved = [(name, item) for name, item in calibrated["parameters"].items() if item["moved"]]
    moved.sort(key=lambda pair: -pair[1]["moved_from_prior"])
    rows = []
    for name, item in moved:
        by = ", ".join(part["fact"] for part in item["moved_by"])
        unit = "" if item["unit"] == "1" else f", {item['unit']}"
        about = f"{item['meaning']} ({name}{unit})"
        rows.append([about, _spread(item["prior"]), _spread(item["posterior"]), by or "no single fact beyond chance"])
    columns = ("parameter", "before: median (90 %)", "after: median (90 %)", "moved by")
    caption = f"The parameters that the record moved; the other {len(calibrated['parameters']) - len(moved)} did not."
    printed = range(min(_SHOWN, len(rows)))
    return table("twin-parameters", caption, columns, rows, (5, 3, 3, 4), printed)


def _figure(compared: dict[str, Any]) -> Block:
    return Figure(
        WHAT_IF,
        "Differences to what was done on the same draws: median and 90 %. Open marks: mostly prior; gray: too few "
        "draws differ, or too many parameters matter, to say how much of it is prior.",
        "A forest of paired differences of endpoints for each scenario.",
        height_mm=90,
    )


def _scenarios(compared: dict[str, Any]) -> Block:
    baseline = compared["baseline"]
    others = [name for name in compared["scenarios"] if name != baseline]
    rows = []
    for endpoint, done in compared["scenarios"][baseline]["endpoints"].items():
        told = [_outcome(compared["scenarios"][name]["endpoints"][endpoint]) for name in others]
        rows.append([f"{compared['endpoints'][endpoint]} ({done['unit']})", _span(done), *told])
    meanings = " ".join(f"{name}: {compared['scenarios'][name]['meaning']}" for name in others)
    caption = f"What would have been: the difference to what was done, and how much of it is prior. {meanings}"
    columns = ("endpoint", "as it was done: median (90 %)", *others)
    return table("twin-scenarios", caption, columns, rows, (4, 3, *(3 for _ in others)))


def _outcome(item: dict[str, Any]) -> str:
    """The difference of an endpoint to what was done."""
    difference = item.get("difference")
    if difference is None or difference["median"] is None:
        return "not computed"
    if not (difference["probability_lower"] or difference["probability_higher"]):
        return SAME
    share = item["share_of_prior"]
    return f"{_span(difference)}; {'how much is prior not told' if share is None else f'{100 * share:.0f} % prior'}"


def _assumptions(calibrated: dict[str, Any]) -> Block:
    rows = [[text] for text in calibrated["assumed"]]
    return table("twin-assumptions", "What was assumed where the record is silent.", ("assumption",), rows, (1,))


def _spread(item: dict[str, Any]) -> str:
    """A parameter: of a trait how often it is there."""
    if item["interval_90"] == [0.0, 1.0]:
        return f"yes in {100 * item['mean']:.0f} %"
    return _span(item)


def _span(item: dict[str, Any]) -> str:
    if item["median"] is None:
        return "not computed"
    low, high = (three_digits(value) for value in item["interval_90"])
    return f"{three_digits(item['median'])} ({low} to {high})"
