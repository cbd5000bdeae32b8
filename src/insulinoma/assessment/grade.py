"""The grade under WHO 2010, 2017 and 2022: the higher of Ki-67 and mitotic count decides.

It says what each edition's criteria call the reported indices; it does not re-grade a diagnosis.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal

from insulinoma.assessment.differentiation import WOULD_DECIDE, Differentiation, differentiation
from insulinoma.assessment.thresholds import Range, exact, reported_range, reported_text
from insulinoma.assessment.verdict import Criterion, Verdict
from insulinoma.assessment.view import View, tie
from insulinoma.data import read_table
from insulinoma.record.schema import Measurement

Edition = Literal["who_2010", "who_2017", "who_2022"]
EDITIONS: dict[Edition, tuple[str, str]] = {
    "who_2010": ("WHO 2010", "WHO2010"),
    "who_2017": ("WHO 2017", "WHO2017"),
    "who_2022": ("WHO 2022 (as 2019)", "WHO2022"),
}
_CARCINOMA = {"who_2010": "NEC G3", "who_2017": "NEC G3", "who_2022": "NEC"}
_RULE = "The higher of Ki-67 and mitotic count gives the grade"


@dataclass(frozen=True)
class Grade:
    """The grade under one edition: its name, or the names between which the record leaves it open."""

    criterion: Criterion
    grade: str | None
    candidates: tuple[str, ...]
    would_decide: tuple[str, ...] = ()
    by_specimen: tuple[tuple[str, str], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The grade as plain data."""
        return {
            **self.criterion.to_json(),
            "grade": self.grade or ("indeterminate" if self.candidates else None),
            "candidates": list(self.candidates),
            "would_decide": list(self.would_decide),
            "by_fact": dict(self.by_specimen),
        }


@dataclass(frozen=True)
class Grades:
    """The grade under each edition, the differentiation, and what the source itself states."""

    editions: tuple[tuple[Edition, Grade], ...]
    differentiation: Differentiation
    stated: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The grades as plain data."""
        grades: dict[str, Any] = {name: grade.to_json() for name, grade in self.editions}
        return {**grades, "differentiation": self.differentiation.to_json(), "stated": list(self.stated)}


def grades(view: View) -> Grades:
    """The grade under each edition; between NET G3 and NEC only differentiation decides."""
    side = differentiation(view)
    editions = tuple((edition, _grade(view, edition, side)) for edition in EDITIONS)
    return Grades(editions, side, tuple(_stated(view)))


def possible_grades(edition: Edition, index: Literal["ki67", "mitoses"], reported: Range) -> frozenset[float]:
    """The grades that a reported index allows; 1.5 stands for the gap that WHO 2010 leaves.

    >>> sorted(possible_grades("who_2010", "ki67", Range(exact(2.5), exact(2.5))))
    [1.5]
    >>> sorted(possible_grades("who_2022", "ki67", Range(exact(20.0), exact(20.0))))
    [2]
    """
    return frozenset(grade for grade, band in _bands()[edition, index] if _overlap(band, reported))


def _grade(view: View, edition: Edition, side: Differentiation) -> Grade:
    found = _by_index(view, edition)
    if any(item.diagnosis == "minen" for item in view.record.diagnoses):
        mixed = "A mixed neoplasm: each part is graded on its own."
        return Grade(_criterion(view, edition, Verdict.NOT_EVALUABLE, [], note=mixed), None, ())
    if not found:
        return _without_index(view, edition, side)
    ranks = _highest(found)
    seen = {index for index, *_ in found}
    missing = tuple(text for name, text in _INDEX_NAMES.items() if name not in seen and ranks != {3})
    verdict = Verdict.NOT_EVALUABLE if len(ranks) > 1 or 1.5 in ranks else Verdict.MET
    note = None
    if verdict is Verdict.MET and max(ranks) < 3 and missing:
        verdict, note = Verdict.INFERRED, f"{missing[0]} is not reported and could raise the grade."
    if 1.5 in ranks:
        note = "WHO 2010 leaves Ki-67 above 2 and below 3 % undefined."
    criterion = _criterion(view, edition, verdict, found, missing=missing, note=note)
    return _named(view, edition, criterion, ranks, side, found)


def _named(
    view: View,
    edition: Edition,
    criterion: Criterion,
    ranks: set[float],
    side: Differentiation,
    found: list[tuple[str, Measurement, frozenset[float]]],
) -> Grade:
    names = _names(edition, ranks, side)
    specimens = tuple((view.label(item), " or ".join(_names(edition, set(grades), side))) for _, item, grades in found)
    by_specimen = specimens if len({name for _, name in specimens}) > 1 else ()
    only_high = ranks == {3}
    if len(names) == 1:
        if only_high and edition != "who_2010":
            criterion = _with(criterion, side.verdict, side.facts, side.note)
        if side.side == "poorly" and max(ranks) < 3:
            note = "Poor differentiation does not fit these indices: carcinoma is above 20 % by definition."
            return Grade(_with(criterion, Verdict.NOT_EVALUABLE, side.facts, note), None, (*names, _CARCINOMA[edition]))
        return Grade(criterion, names[0], (), (), by_specimen)
    decide = criterion.missing if 1.5 in ranks else ("an exact Ki-67 index or mitotic count",)
    if 3 in ranks and edition != "who_2010":
        decide = WOULD_DECIDE if only_high else (*decide, *WOULD_DECIDE)
    open_side = "Above 20 % the differentiation decides, and the record does not state it." if only_high else None
    return Grade(_with(criterion, Verdict.NOT_EVALUABLE, (), open_side), None, names, decide, by_specimen)


def _without_index(view: View, edition: Edition, side: Differentiation) -> Grade:
    """Without an index only a stated poor differentiation names a class: carcinoma is high grade by definition."""
    missing = tuple(_INDEX_NAMES.values())
    if side.side == "poorly":
        criterion = _criterion(view, edition, side.verdict, [], note="High grade by definition.", missing=missing)
        return Grade(_with(criterion, side.verdict, side.facts, None), _CARCINOMA[edition], ())
    return Grade(_criterion(view, edition, Verdict.NOT_MEASURED, [], missing=missing), None, ())


_INDEX_NAMES = {"ki67": "Ki-67 index", "mitoses": "mitotic count"}


def _by_index(view: View, edition: Edition) -> list[tuple[str, Measurement, frozenset[float]]]:
    found = []
    for index in ("ki67", "mitoses"):
        for item in view.numbers(index):
            reported = reported_range(item)
            possible = possible_grades(edition, index, reported) if reported is not None else None
            if possible:
                found.append((index, item, possible))
    return sorted(found, key=lambda entry: (-max(entry[2]), entry[0], tie(entry[1])))


def _highest(found: list[tuple[str, Measurement, frozenset[float]]]) -> set[float]:
    """The grades that the highest index may have: no lower than the highest that is certain."""
    floor = max(min(grades) for _, _, grades in found)
    return {grade for _, _, grades in found for grade in grades if grade >= floor}


def _names(edition: Edition, ranks: set[float], side: Differentiation) -> tuple[str, ...]:
    names: list[str] = []
    for rank in sorted(ranks):
        if rank == 1.5:
            names += ["NET G1", "NET G2"]
        elif rank < 3:
            names.append(f"NET G{int(rank)}")
        elif edition == "who_2010" or side.side == "poorly":
            names.append(_CARCINOMA[edition])
        elif side.side == "well":
            names.append("NET G3")
        else:
            names += ["NET G3", _CARCINOMA[edition]]
    return tuple(dict.fromkeys(names))


def _with(criterion: Criterion, verdict: Verdict, facts: tuple[str, ...], note: str | None) -> Criterion:
    notes = " ".join(part for part in (criterion.note, note) if part)
    return replace(
        criterion, verdict=verdict, facts=tuple(dict.fromkeys((*criterion.facts, *facts))), note=notes or None
    )


def _criterion(
    view: View,
    edition: Edition,
    verdict: Verdict,
    found: list[tuple[str, Measurement, frozenset[float]]],
    *,
    missing: tuple[str, ...] = (),
    note: str | None = None,
) -> Criterion:
    name, citation = EDITIONS[edition]
    shown = found[0] if found else None
    deciding = shown[1] if shown else None
    differentiated = "" if edition == "who_2010" else "; above 20 % differentiation tells NET G3 from carcinoma"
    return Criterion(
        verdict=verdict,
        rule=f"{_RULE}{differentiated}.",
        edition=name,
        citation=citation,
        value=deciding.value if deciding else None,
        unit=deciding.unit if deciding else None,
        reported=reported_text(deciding) if deciding else None,
        threshold=_limits_text(edition, shown[0] if shown else "ki67"),
        facts=view.labels(item for _, item, _ in found),
        missing=missing,
        note=note,
    )


def _limits_text(edition: Edition, index: str) -> str:
    unit = "%" if index == "ki67" else "per 10 HPF" if edition == "who_2010" else "per 2 mm2"
    bands = [row for row in _rows() if row["edition"] == edition and row["index"] == index]
    return (
        "; ".join(f"{row['grade'] if row['grade'] == 'gap' else 'G' + row['grade']} {row['band']}" for row in bands)
        + f" {unit}"
    )


def _stated(view: View) -> list[str]:
    texts = []
    for item in view.record.diagnoses:
        if item.grade is not None or item.classification:
            classification = item.classification or "classification not named"
            edition = item.edition or "edition not stated"
            grade = f"grade {item.grade}, " if item.grade is not None else ""
            texts.append(f"{view.label(item)}: {item.diagnosis}, {grade}{classification}, {edition}")
    return texts


@cache
def _rows() -> list[dict[str, str]]:
    return read_table("criteria", "grades.csv")


@cache
def _bands() -> dict[tuple[str, str], tuple[tuple[float, Range], ...]]:
    bands: dict[tuple[str, str], list[tuple[float, Range]]] = {}
    for row in _rows():
        rank = 1.5 if row["grade"] == "gap" else int(row["grade"])
        bands.setdefault((row["edition"], row["index"]), []).append((rank, _band(row["band"])))
    return {key: tuple(items) for key, items in bands.items()}


def _band(text: str) -> Range:
    match = re.fullmatch(r"([\[(])(\d+), (\d+|inf)([\])])", text)
    if match is None:
        raise ValueError(f"{text!r} is not a band")
    high = None if match[3] == "inf" else exact(float(match[3]))
    return Range(exact(float(match[2])), high, match[1] == "[", match[4] == "]")


def _overlap(one: Range, other: Range) -> bool:
    return _starts_before_end(one, other) and _starts_before_end(other, one)


def _starts_before_end(one: Range, other: Range) -> bool:
    if one.low is None or other.high is None:
        return True
    return one.low < other.high or (one.low == other.high and one.low_included and other.high_included)
