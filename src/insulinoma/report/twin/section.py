"""The section of a report on the twin: how it fits, what moved, three scenarios, and its limits."""

from __future__ import annotations

from typing import Any

from insulinoma.report.blocks import Block, Cell, Figure, Paragraph, Section, Tone, table
from insulinoma.report.twin.forest import SAME
from insulinoma.report.words import plural

TWIN, WHAT_IF = "twin", "what-if"
SCENARIOS = ("no-embolization", "only-right-lobe", "no-chemotherapy")
_TONES: dict[str, Tone] = {"agrees": "met", "doubtful": "open", "contradicted": "caution"}
_SHOWN = 12
_LIMITS = (
    "The twin is a set of equations with parameters of other people, moved as far as this record asks. "
    "Doses, rates and dates that the record does not state are assumptions, drawn hatched. A scenario that leaves what "
    "was done far behind says more of the model and its prior than of the patient. It is no forecast, and no advice."
)


def twin_section(calibrated: dict[str, Any], compared: dict[str, Any] | None) -> Section:
    """The section from the JSON forms of a calibration and, where scenarios fit the record, of what-if."""
    blocks: list[Block] = [Paragraph(line) for line in calibrated["summary"]]
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
        low, high = check["predicted"]["interval_90"]
        unit = "" if check["unit"] == "1" else f" {check['unit']}"
        expected = f"{check['predicted']['median']:.3g} ({low:.3g} to {high:.3g}){unit}"
        how = f"{check['probability']:.2f}" if check["probability"] is not None else ""
        rows.append([name, check["says"], expected, how, Cell(check["verdict"], _TONES[check["verdict"]])])
    columns = ("fact", "says", "the twin: median (90 %)", "probability", "verdict")
    caption = (
        "Each fact and what the twin would give again; for a statement its posterior probability. "
        f"{plural(len(calibrated['not_used']), 'fact')} of the record speak of nothing that the model holds."
    )
    return table("twin-facts", caption, columns, rows, (3, 3, 4, 2, 2))


def _parameters(calibrated: dict[str, Any]) -> Block:
    moved = [(name, item) for name, item in calibrated["parameters"].items() if item["moved"]]
    moved.sort(key=lambda pair: -pair[1]["moved_from_prior"])
    rows = []
    for name, item in moved:
        by = ", ".join(part["fact"] for part in item["moved_by"])
        rows.append([name, item["unit"], _span(item["prior"]), _span(item["posterior"]), by or "several together"])
    columns = ("parameter", "unit", "before: median (90 %)", "after: median (90 %)", "moved by")
    caption = f"The parameters that the record moved; the other {len(calibrated['parameters']) - len(moved)} did not."
    printed = range(min(_SHOWN, len(rows)))
    return table("twin-parameters", caption, columns, rows, (4, 2, 3, 3, 4), printed)


def _figure(compared: dict[str, Any]) -> Block:
    return Figure(
        WHAT_IF,
        "Differences to what was done on the same draws: median and 90 %. Open marks: mostly prior; gray: too few "
        "draws differ, or too many parameters matter, to say how much of it is prior.",
        "A forest of paired differences of endpoints for each scenario.",
    )


def _scenarios(compared: dict[str, Any]) -> Block:
    rows = []
    for name, scenario in compared["scenarios"].items():
        for endpoint, item in scenario["endpoints"].items():
            difference = item.get("difference")
            rows.append(
                [
                    name,
                    compared["endpoints"][endpoint],
                    f"{_span(item)} {item['unit']}",
                    _span(difference) if difference else "",
                    _prior(item),
                ]
            )
    columns = ("scenario", "endpoint", "median (90 %)", "difference to what was done", "share of prior")
    told = "; ".join(f"{name}: {item['meaning']}" for name, item in compared["scenarios"].items())
    return table("twin-scenarios", f"What would have been. {told}", columns, rows, (3, 4, 4, 4, 2))


def _prior(item: dict[str, Any]) -> str:
    """The share of prior of an endpoint in words."""
    difference = item.get("difference")
    if difference is None or difference["median"] is None:
        return ""
    if not (difference["probability_lower"] or difference["probability_higher"]):
        return SAME
    return "not told" if item["share_of_prior"] is None else f"{item['share_of_prior']:.0%}"


def _assumptions(calibrated: dict[str, Any]) -> Block:
    rows = [[text] for text in calibrated["assumed"]]
    return table("twin-assumptions", "What was assumed where the record is silent.", ("assumption",), rows, (1,))


def _span(item: dict[str, Any]) -> str:
    if item["median"] is None:
        return "not computed"
    low, high = item["interval_90"]
    return f"{item['median']:.3g} ({low:.3g} to {high:.3g})"
