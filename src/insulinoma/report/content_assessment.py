"""The sections of the report that show the assessment: criteria, grade and stage, response, what is missing."""

from __future__ import annotations

from typing import Any

from insulinoma.quantities import analytes
from insulinoma.record.schema import CaseRecord
from insulinoma.record.vocabulary import term
from insulinoma.report.blocks import Block, Cell, Paragraph, Section, table
from insulinoma.report.words import in_words, lower_first, name_of, sentence, verdict_cell, verdict_words

_WHIPPLE = {"symptoms": "Symptoms", "low_glucose": "Low glucose at that time", "relief": "Relief when glucose rises"}
_SOCIETY = {
    "glucose": "Glucose",
    "insulin": "Insulin",
    "c_peptide": "C-peptide",
    "proinsulin": "Proinsulin",
    "beta_hydroxybutyrate": "Beta-hydroxybutyrate",
    "glucagon_response": "Glucose rise after glucagon",
    "sulfonylurea_screen": "Oral agent screen",
    "insulin_antibody": "Insulin antibody",
}
_EDITIONS = {"who_2010": "WHO 2010", "who_2017": "WHO 2017", "who_2022": "WHO 2022"}
_IMAGING = {"recist_1_1": "RECIST 1.1", "mrecist": "mRECIST", "easl": "EASL", "choi": "Choi", "who_1979": "WHO 1979"}
_VERDICT_NAMES = {**_IMAGING, **_EDITIONS, "overall": "overall verdict", "biochemical": "marker response"}
MOST_PRINTED = 12
_CARE = ("yes", "partial", "absent")


def criteria_section(record: CaseRecord, assessment: dict[str, Any]) -> Section:
    """Whipple's triad, the Endocrine Society criteria, and the levels of hypoglycemia."""
    criteria = assessment["criteria"]
    rows = [_criterion(record, f"Whipple: {label}", criteria["whipple"][name]) for name, label in _WHIPPLE.items()]
    society = criteria["endocrine_society_2009"]
    rows += [_criterion(record, label, society[name]) for name, label in _SOCIETY.items()]
    caption = "Whipple's triad and the Endocrine Society criteria of 2009, each with the facts that it rests on."
    columns = ("criterion", "verdict", "value", "threshold", "stands at")
    blocks: list[Block] = [table("criteria", caption, columns, rows, (2.4, 1.3, 1.6, 2.1, 1.8))]
    blocks += [_patterns(society), _levels(record, assessment["hypoglycemia"])]
    return Section("Criteria", tuple(blocks))


def _criterion(record: CaseRecord, label: str, item: dict[str, Any]) -> list[Cell | str]:
    return [
        label,
        verdict_cell(item["verdict"]),
        item["reported"] or "",
        item["threshold"] or "",
        _places(record, item["facts"]),
    ]


def _places(record: CaseRecord, facts: list[str]) -> str:
    """Where the facts of a verdict stand: the document once, then its lines."""
    found: dict[str, list[str]] = {}
    for name in facts:
        for source in record.by_id[name].source if name in record.by_id else ():
            place = source.text.removeprefix(source.document).lstrip(":")
            lines = found.setdefault(source.document, [])
            if place not in lines:
                lines.append(place)
    return "; ".join(f"{document}: {', '.join(lines)}" for document, lines in found.items())


def _patterns(society: dict[str, Any]) -> Paragraph:
    excluded = society["overall"]["excluded_patterns"]
    out = "; ".join(f"{name} (by {', '.join(_label(item) for item in why)})" for name, why in excluded.items())
    possible = ", ".join(society["pattern"]) or "none"
    return Paragraph(f"Patterns still possible: {possible}. Excluded: {out or 'none'}.")


def _label(name: str) -> str:
    return analytes()[name].label if name in analytes() else name.replace("_", " ")


def _named(record: CaseRecord, facts: list[str]) -> str:
    return ", ".join(name_of(record.by_id[name]) if name in record.by_id else name for name in facts)


def _levels(record: CaseRecord, hypoglycemia: dict[str, Any]) -> Block:
    rows: list[list[Cell | str]] = [
        [
            sentence(in_words(record, item["when"])).rstrip("."),
            str(item["level"]) if item["level"] else "level not stated",
            item["reported"] or "",
            _places(record, item["facts"]),
        ]
        for item in hypoglycemia["episodes"]
    ]
    rows += [
        [
            sentence(in_words(record, item["when"])).rstrip("."),
            Cell("none", "met"),
            f"{item['days']:g} days" if item["days"] is not None else "length not stated",
            _places(record, item["facts"]),
        ]
        for item in hypoglycemia["free_intervals"]
    ]
    caption = "Episodes of hypoglycemia and free intervals that the source states (IHSG levels 1 to 3)."
    printed = None
    if len(rows) > MOST_PRINTED:
        caption += f" On paper the first {MOST_PRINTED} of {len(rows)}; all are in hypoglycemia.csv."
        printed = range(MOST_PRINTED)
    columns = ("when", "level", "reported", "stands at")
    return table("hypoglycemia", caption, columns, rows, (3, 1.4, 2.2, 1.8), printed)


def grade_section(record: CaseRecord, assessment: dict[str, Any]) -> Section:
    """The grade under each edition with what would decide, and the stage in each system."""
    grades = assessment["grade"]
    rows: list[list[Cell | str]] = []
    for name in _EDITIONS:
        item = grades[name]
        between = f" between {' and '.join(item['candidates'])}" if item["candidates"] else ""
        rows.append(
            [
                item["edition"],
                f"{item['grade'] or 'not evaluable'}{between}",
                "; ".join(item["would_decide"]) or "",
                item["reported"] or "",
            ]
        )
    for name in ("ajcc_8", "enets", "ajcc_8_exocrine"):
        item = assessment["stage"].get(name)
        if item is not None:
            stage = f"stage {item['stage']}" if item["stage"] else f"one of {', '.join(item['possible'])}"
            tnm = " ".join(part for part in (item["t"], item["n"], item["m"]) if part)
            rows.append([item["edition"], stage, item["note"] or "", tnm])
    caption = "Grade under each edition and stage in each system. A diagnosis is never re-graded in silence."
    blocks: list[Block] = [
        table(
            "grade-and-stage",
            caption,
            ("edition", "result", "remarks, or what would decide", "rests on"),
            rows,
            (2, 2, 4, 1.4),
        )
    ]
    sides = grades["differentiation"]
    if sides["argues_for_net_g3"] and sides["argues_for_nec"] and sides["differentiation"] is None:
        well, poor = (_named(record, sides[key]) for key in ("argues_for_net_g3", "argues_for_nec"))
        blocks.append(Paragraph(f"For a NET G3 speak: {well}. For a carcinoma: {poor}. The record does not decide."))
    return Section("Grade and stage", tuple(blocks))


def response_section(record: CaseRecord, assessment: dict[str, Any]) -> Section:
    """Response by imaging, markers and symptoms."""
    response = assessment["response"]
    rows: list[list[Cell | str]] = []
    for name, label in _IMAGING.items():
        item = response[name]
        rows.append([label, _response_cell(item), "; ".join(item["missing"]) or item["note"] or ""])
    markers = response["biochemical"]
    rows.append(
        [
            "Markers",
            _response_cell(markers),
            f"direction {markers['direction'] or 'not stated'}, magnitude {markers['magnitude'] or 'not stated'}",
        ]
    )
    for name, item in response["symptomatic"].items():
        detail = item["note"] or (
            f"free of hypoglycemia {item['free_interval']['when']}" if item["free_interval"] else ""
        )
        rows.append(
            [
                f"On {lower_first(term('treatments', name).label)}",
                Cell(item["reported"] or verdict_words(item["verdict"]), verdict_cell(item["verdict"]).tone),
                detail,
            ]
        )
    caption = "Response as far as the record lets it be judged."
    blocks: list[Block] = [
        table("response", caption, ("by", "response", "remarks, or what is missing"), rows, (2.4, 1.6, 4))
    ]
    narrative = [
        f"{item['direction']} of {(item['lesion'] or 'lesions').replace('-', ' ')} {_when(record, item)}"
        for item in response["recist_1_1"]["narrative"]
    ]
    if narrative:
        blocks.append(Paragraph(f"Imaging in words: {'; '.join(narrative)}."))
    return Section("Response", tuple(blocks))


def _response_cell(item: dict[str, Any]) -> Cell:
    if item.get("response"):
        return Cell(str(item["response"]))
    return verdict_cell(item["verdict"])


def _when(record: CaseRecord, item: dict[str, Any]) -> str:
    if item["possible_days"]:
        return f"on day {' or '.join(f'{day:g}' for day in item['possible_days'])}"
    return in_words(record, item["when"])


def missing_section(assessment: dict[str, Any]) -> Section:
    """What is missing, by how much it would change, and the completeness of the case report."""
    rows: list[list[Cell | str]] = []
    for item in assessment["missing"]:
        changed = dict.fromkeys(name.split(".")[-1] for one in item["outcomes"] for name in one["changes"])
        excluded = dict.fromkeys(name for one in item["outcomes"] for name in one["patterns_eliminated"])
        rows.append(
            [
                item["what"],
                f"{item['expected_changes']:.1f}",
                ", ".join(_VERDICT_NAMES.get(name, name.replace("_", " ")) for name in changed),
                ", ".join(excluded),
            ]
        )
    caption = (
        "Ordered by the number of verdicts that the fact would change on average, each of its possible results tried."
    )
    columns = ("missing fact", "changes", "verdicts that it can change", "patterns that it can exclude")
    blocks: list[Block] = [table("missing", caption, columns, rows, (3, 0.8, 3, 3.4))]
    care = assessment["care"]
    by_status = {status: [key for key, item in care.items() if item["status"] == status] for status in _CARE}
    parts = [f"{status} {', '.join(keys)}" for status, keys in by_status.items() if keys]
    blocks.append(Paragraph(f"Completeness by CARE (13 items, letters are parts): {'; '.join(parts)}."))
    return Section("What is missing", tuple(blocks))
