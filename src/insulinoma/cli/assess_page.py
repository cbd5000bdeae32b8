"""The assessment as a page of plain text: one line a criterion, aligned, its facts beside it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import Any

from insulinoma.intended_use import INTENDED_USE

_WIDTH = 120
_COLUMNS = (15, 21, 25, 26, 33)
_VERDICTS = {
    "met": "met",
    "not_met": "not met",
    "not_measured": "not measured",
    "inferred": "inferred",
    "not_evaluable": "not evaluable",
}
_NAMES = {
    "who_2010": "WHO 2010",
    "who_2017": "WHO 2017",
    "who_2022": "WHO 2022",
    "ajcc_8": "AJCC 8",
    "enets": "ENETS 2006",
    "ajcc_8_exocrine": "AJCC 8, if carcinoma",
    "recist_1_1": "RECIST 1.1",
    "mrecist": "mRECIST",
    "easl": "EASL",
    "choi": "Choi",
    "who_1979": "WHO 1979",
    "homa_b": "HOMA-B",
    "homa_ir": "HOMA-IR",
}
Row = tuple[str, str, str, str, str]


def page(result: dict[str, Any]) -> str:
    """The whole page of an assessment."""
    case = result["case"]
    parts = [
        f"Assessment of {case['id']}: {case['title']}",
        *_criteria(result["criteria"]),
        *_hypoglycemia(result["hypoglycemia"]),
        *_grade(result["grade"]),
        *_stage(result["stage"]),
        *_response(result["response"]),
        *_toxicity(result["toxicity"]),
        *_conflicts(result["conflicts"]),
        *_missing(result["missing"]),
        *_care(result["care"]),
        "",
        INTENDED_USE,
    ]
    return "\n".join(parts)


def _criteria(criteria: dict[str, Any]) -> list[str]:
    whipple = criteria["whipple"]
    endocrine = dict(criteria["endocrine_society_2009"])
    overall, pattern = endocrine.pop("overall"), endocrine.pop("pattern")
    return [
        *_section("Whipple's triad", [_row(name, item) for name, item in whipple.items()]),
        *_section("Endocrine Society 2009", [_row(name, item) for name, item in endocrine.items()]),
        *_said("overall", overall["summary"]),
        *_said("patterns still possible", "; ".join(pattern) or "none: the entries contradict every row"),
        *[line for note in overall["notes"] for line in _said("note", note)],
        *_section("Ratios", [_row(name, item) for name, item in criteria["ratios"].items()]),
    ]


def _hypoglycemia(found: dict[str, Any]) -> list[str]:
    level = found["max_level"]
    intervals = "; ".join(
        f"{item['when']} ({item['days']} days; {', '.join(item['facts'])}{_against(item)})"
        for item in found["free_intervals"]
    )
    episodes = [
        (
            f"level {item['level']}" if item["level"] else "level not stated",
            item["when"],
            _value(item),
            "",
            ", ".join(item["facts"]),
        )
        for item in found["episodes"]
    ]
    return [
        *_section("Hypoglycemia", [_row(name, item) for name, item in found["levels"].items()]),
        *_said("highest level", "none" if level is None else str(level)),
        *_said("stated to be free", intervals or "no interval"),
        *_section("Episodes in the record", episodes),
    ]


def _against(interval: dict[str, Any]) -> str:
    return f", but against it {', '.join(interval['against'])}" if interval["against"] else ""


def _grade(found: dict[str, Any]) -> list[str]:
    rows, decide = [], ""
    for name in ("who_2010", "who_2017", "who_2022"):
        item = found[name]
        grade = item["grade"] or "not given"
        text = f"{grade}: {' or '.join(item['candidates'])}" if item["candidates"] else grade
        rows.append((_VERDICTS[item["verdict"]], _name(name), text, _value(item), ", ".join(item["facts"])))
        decide = "; ".join(item["would_decide"]) or decide
    side = found["differentiation"]
    return [
        *_section("Grade", rows),
        *_said("stated by the source", "; ".join(found["stated"])),
        *_said("would decide", decide),
        *(_said("argues for NET G3", ", ".join(side["argues_for_net_g3"])) if decide else []),
        *(_said("argues for NEC", ", ".join(side["argues_for_nec"])) if decide else []),
    ]


def _stage(found: dict[str, Any]) -> list[str]:
    rows = [
        (
            _VERDICTS[item["verdict"]],
            _name(name),
            item["stage"] or " or ".join(item["possible"]) or "does not apply",
            f"{item['t']} {item['n']} {item['m']}",
            ", ".join(item["facts"]),
        )
        for name, item in found.items()
    ]
    notes = dict.fromkeys(item["note"] for item in found.values() if item["note"])
    return [*_section("Stage", rows), *[line for note in notes for line in _said("note", note)]]


def _response(found: dict[str, Any]) -> list[str]:
    systems = ("recist_1_1", "mrecist", "easl", "choi", "who_1979")
    rows = [
        (
            _VERDICTS[found[name]["verdict"]],
            _name(name),
            found[name]["response"] or "-",
            found[name]["threshold"],
            found[name]["note"] or "",
        )
        for name in systems
    ]
    words = [
        ("in words", item["direction"], _days(item), item["lesion"] or "", ", ".join(item["facts"]))
        for item in found["recist_1_1"]["narrative"]
    ]
    markers = found["biochemical"]
    direction = f"direction {markers['direction'] or 'not stated'}, magnitude {markers['magnitude']}"
    treatments = [
        (
            _VERDICTS[item["verdict"]],
            _name(name),
            ", ".join(item["responses"]) or "not stated",
            _relief(item),
            ", ".join(item["facts"]) + (f". {item['note']}" if item["note"] else ""),
        )
        for name, item in found["symptomatic"].items()
    ]
    return [
        *_section("Response on imaging", [*rows, *words]),
        *_section(
            "Biochemical response",
            [(_VERDICTS[markers["verdict"]], "markers", direction, markers["threshold"], ", ".join(markers["facts"]))],
        ),
        *_section("Response of hypoglycemia", treatments),
    ]


def _relief(item: dict[str, Any]) -> str:
    interval = item["free_interval"]
    return f"free {interval['when']}" if interval else ""


def _toxicity(found: dict[str, Any]) -> list[str]:
    rows = [
        (
            _VERDICTS[item["verdict"]],
            _name(name),
            "no grade" if item["grade"] is None else f"grade {item['grade']}",
            _value(item),
            ", ".join(item["facts"]),
        )
        for name, item in found.items()
    ]
    return _section("CTCAE 5.0", rows)


def _conflicts(conflicts: list[dict[str, Any]]) -> list[str]:
    lines = []
    for item in conflicts:
        lines += _said(item["id"], item["about"])
        for reading in item["readings"]:
            lines += _said("", f"- {reading['says']}")
        decided = f"{item['rule']} Decided for {item['decision']}." if item["decision"] else item["rule"]
        lines += _said("", decided or "Not decided.")
    return [*_title("Conflicts in the record"), *lines] if lines else []


def _missing(missing: list[dict[str, Any]]) -> list[str]:
    rows = [
        (f"{item['expected_changes']:.2f}", _name(item["fact"]), item["what"], "", _effect(item["outcomes"]))
        for item in missing
    ]
    return _section("Missing, by the number of changes to be expected", rows)


def _effect(outcomes: list[dict[str, Any]]) -> str:
    """What the answers would change, and how many patterns each would rule out."""
    changed = dict.fromkeys(_name(name.split(".")[-1]) for outcome in outcomes for name in outcome["changes"])
    text = f"changes {', '.join(changed)}" if changed else "changes nothing"
    if any(outcome["patterns_eliminated"] for outcome in outcomes):
        gone = [f"{len(outcome['patterns_eliminated'])} if {outcome['if']}" for outcome in outcomes]
        text += f"; rules out patterns: {', '.join(gone)}"
    return text


def _care(care: dict[str, Any]) -> list[str]:
    rows = [(item["status"], f"{name} {item['item']}", item["reason"], "", "") for name, item in care.items()]
    return _section("CARE completeness", rows)


def _row(name: str, item: dict[str, Any]) -> Row:
    facts = ", ".join(item["facts"])
    note = item["note"] if item["verdict"] in ("not_evaluable", "inferred") else ""
    behind = ". ".join(part for part in (facts, note or "") if part)
    if not behind and item["missing"]:
        behind = f"missing: {', '.join(item['missing'])}"
    return (_VERDICTS[item["verdict"]], _name(name), _value(item), item["threshold"] or "", behind)


def _name(key: str) -> str:
    """A key of the JSON shape in words.

    >>> _name("insulin_to_c_peptide_molar")
    'insulin to C-peptide molar'
    """
    if key in _NAMES:
        return _NAMES[key]
    return key.replace("beta_hydroxy", "beta-hydroxy").replace("c_peptide", "C-peptide").replace("_", " ")


def _value(item: dict[str, Any]) -> str:
    text = item["reported"] or ("" if item["value"] is None else f"{item['value']:g} {item['unit'] or ''}".strip())
    shown = item.get("shown")
    return f"{text} ({shown['value']:g} {shown['unit']})" if shown else text


def _days(item: dict[str, Any]) -> str:
    if item["possible_days"]:
        return "day " + " or ".join(f"{day:g}" for day in item["possible_days"])
    first, last = item["first_day"], item["last_day"]
    if first is None or last is None or item["when"].startswith("day"):
        return str(item["when"])
    return f"within days {first:g} to {last:g}"


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, break_on_hyphens=False) or [""]


def _title(title: str) -> list[str]:
    return ["", title, "-" * len(title)]


def _said(name: str, text: str) -> list[str]:
    if not text:
        return []
    indent = " " * 27
    return textwrap.wrap(text, _WIDTH, initial_indent=f"{name:<25}  ", subsequent_indent=indent, break_on_hyphens=False)


def _section(title: str, rows: Iterable[Row]) -> list[str]:
    lines = [line for row in rows for line in _columns(row)]
    return [*_title(title), *lines] if lines else []


def _columns(row: Row) -> list[str]:
    """A row in five columns; every cell wraps within its column, the last but empty ones leave their room."""
    widths: tuple[int, ...] = _COLUMNS
    cells = [_wrapped(cell, width - 2) for cell, width in zip(row, widths, strict=True)]
    if not row[3] and not row[4]:
        cells = [*cells[:2], _wrapped(row[2], sum(widths[2:]))]
    elif not row[3]:
        cells = [*cells[:3], _wrapped(row[4], sum(widths[3:]))]
        widths = (*widths[:3], sum(widths[3:]))
    height = max(len(cell) for cell in cells)
    return [
        "".join(
            (cell[index] if index < len(cell) else "").ljust(width) for cell, width in zip(cells, widths, strict=False)
        ).rstrip()
        for index in range(height)
    ]
