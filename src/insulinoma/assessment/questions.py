"""The facts that an assessment lacks, each with the answers it could have, as facts to try."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from insulinoma.assessment.biochemical import MARKERS
from insulinoma.assessment.endocrine_society import critical_glucose
from insulinoma.assessment.imaging import AGAINST_TUMOR, series_of
from insulinoma.assessment.occasions import draw_key
from insulinoma.assessment.verdict import Verdict
from insulinoma.assessment.view import View
from insulinoma.record.fields import Source
from insulinoma.record.schema import Fact, Finding, Lesion, Measurement, Treatment
from insulinoma.record.timeline import parse_when
from insulinoma.record.vocabulary import term

if TYPE_CHECKING:
    from insulinoma.assessment.assess import Criteria

_SOURCE = (Source("supposed"),)
_SAMPLE = "supposed"
_BEFORE, _AFTER = parse_when("day -1000000"), parse_when("day 1000000")
_DRAWN = {
    "insulin": ("uU/mL", (10.0, 1.0)),
    "c_peptide": ("ng/mL", (2.0, 0.2)),
    "proinsulin": ("pmol/L", (20.0, 2.0)),
    "beta_hydroxybutyrate": ("mmol/L", (1.0, 4.0)),
}
_STEPS = (("40 % smaller", 0.6), ("unchanged", 1.0), ("40 % larger", 1.4))
_WHAT = {
    "insulin": "insulin in the sample of a low glucose",
    "c_peptide": "C-peptide in the sample of a low glucose",
    "proinsulin": "proinsulin in the sample of a low glucose",
    "beta_hydroxybutyrate": "beta-hydroxybutyrate in the sample of a low glucose",
}


@dataclass(frozen=True)
class Question:
    """A missing fact and its possible answers, each as facts to add.

    `given` are facts supposed to be known with each answer, so that only the answer itself is counted;
    `scope` is the start of the paths whose changes count, where the supposed facts touch others too.
    """

    fact: str
    what: str
    answers: tuple[tuple[str, tuple[Fact, ...]], ...]
    given: tuple[tuple[Fact, ...], ...] = ()
    scope: str = ""


def questions(view: View, found: Criteria) -> tuple[Question, ...]:
    """Every question that the assessment leaves open."""
    return (
        *_whipple(found),
        *_endocrine(view, found),
        *_grade(found),
        *_stage(view, found),
        *_imaging(view, found),
        *_markers(view, found),
        *_treatments(found),
    )


def _measured(analyte: str, value: float, unit: str, **more: Any) -> Measurement:
    return Measurement(analyte=analyte, value=value, unit=unit, source=_SOURCE, **more)


def _finding(name: str, *, present: bool = True) -> Finding:
    return Finding(finding=name, present=present, source=_SOURCE)


def _yes_no(fact: str, what: str, name: str) -> Question:
    return Question(fact, what, (("yes", (_finding(name),)), ("no", (_finding(name, present=False),))))


def _whipple(found: Criteria) -> Iterator[Question]:
    triad = found.whipple
    if not triad.symptoms.verdict.decided:
        yield _yes_no("symptoms", "symptoms of hypoglycemia", "symptoms_of_hypoglycemia")
    if not triad.low_glucose.verdict.decided:
        during = {"condition": "symptoms"}
        answers = tuple(
            (f"{value:g} mg/dL", (_measured("glucose", value, "mg/dL", **during),)) for value in (40.0, 90.0)
        )
        yield Question("glucose_during_symptoms", "plasma glucose at the time of the symptoms", answers)
    if not triad.relief.verdict.decided:
        yield _yes_no("relief", "whether symptoms ceased when glucose was raised", "relief_with_glucose")
    if not found.hypoglycemia.levels[2].verdict.decided:
        yield _yes_no("assistance", "whether another person's help was needed", "assistance_needed")


def _endocrine(view: View, found: Criteria) -> Iterator[Question]:
    criteria = dict(found.endocrine_society_2009.criteria)
    if not criteria["glucose"].verdict.decided:
        answers = tuple((f"{value:g} mg/dL", (_measured("glucose", value, "mg/dL"),)) for value in (40.0, 90.0))
        yield Question("glucose", "plasma glucose", answers)
    sample, companions = _low_sample(view)
    for name, (unit, values) in _DRAWN.items():
        if not criteria[name].verdict.decided:
            yield Question(
                name,
                _WHAT[name],
                tuple(
                    (f"{value:g} {unit}", (*companions, _measured(name, value, unit, sample=sample)))
                    for value in values
                ),
            )
    if not criteria["glucagon_response"].verdict.decided:
        answers = tuple(
            (f"{value:g} mg/dL", (_measured("glucagon_response", value, "mg/dL"),)) for value in (40.0, 10.0)
        )
        yield Question("glucagon_response", "rise of glucose after 1 mg of intravenous glucagon", answers)
    for name, what in (
        ("sulfonylurea_screen", "screen for oral hypoglycemic agents"),
        ("insulin_antibody", "insulin antibodies"),
    ):
        if not criteria[name].verdict.decided:
            yield Question(
                name,
                what,
                tuple(
                    (answer, (Measurement(analyte=name, statement=answer, source=_SOURCE),))
                    for answer in ("negative", "positive")
                ),
            )


def _low_sample(view: View) -> tuple[str, tuple[Measurement, ...]]:
    """The sample of the low glucose that the criteria rest on, or a supposed one with a low glucose."""
    low = critical_glucose(view)
    if low and low[0].sample is not None:
        return low[0].sample, ()
    if low and draw_key(low[0]) is None and low[0].value is not None and low[0].unit is not None:
        return _SAMPLE, (_measured("glucose", low[0].value, low[0].unit, sample=_SAMPLE, when=low[0].when),)
    return _SAMPLE, (_measured("glucose", 40.0, "mg/dL", sample=_SAMPLE),)


def _grade(found: Criteria) -> Iterator[Question]:
    editions = dict(found.grade.editions)
    current = editions["who_2022"]
    if any("NET G3" in grade.candidates for grade in editions.values()) or (
        found.grade.differentiation.verdict is Verdict.INFERRED
    ):
        yield Question(
            "differentiation",
            "differentiation on histology",
            (
                ("well differentiated", (_finding("well_differentiated"),)),
                ("poorly differentiated", (_finding("poorly_differentiated"),)),
            ),
        )
    for missing, analyte, unit in (("Ki-67 index", "ki67", "%"), ("mitotic count", "mitoses", "1/(2.mm2)")):
        if missing in current.criterion.missing:
            answers = tuple((f"{value:g} {unit}", (_measured(analyte, value, unit),)) for value in (1.0, 10.0, 30.0))
            yield Question(analyte, missing, answers)


def _stage(view: View, found: Criteria) -> Iterator[Question]:
    missing = {item for stage in found.stage.values() for item in stage.criterion.missing}
    if "size of the primary tumor" in missing:
        primary = next((item for item in view.lesions if item.role == "primary" and item.id), None)
        added = () if primary else (Lesion(id=_SAMPLE, role="primary", site="pancreas", source=_SOURCE),)
        name = primary.id if primary else _SAMPLE
        answers = tuple(
            (f"{value:g} cm", (*added, _measured("longest_diameter", value, "cm", lesion=name, when=_BEFORE)))
            for value in (1.5, 3.0, 5.0)
        )
        yield Question("primary_size", "size of the primary tumor", answers)
    if "state of the regional lymph nodes" in missing:
        yield _yes_no("regional_nodes", "whether regional lymph nodes are involved", "lymph_node_enlarged")
    if any("metastases" in item for item in missing):
        none = (_finding("liver_tumors", present=False), _finding("extrahepatic_metastases", present=False))
        answers = (("in the liver", (_finding("liver_tumors"),)), ("none", none))
        yield Question("metastases", "distant metastases", answers)
    if "number of regional nodes" in missing:
        yield Question("node_count", "number of involved regional nodes", _node_counts())


def _node_counts() -> tuple[tuple[str, tuple[Fact, ...]], ...]:
    return tuple(
        (str(count), (Lesion(role="node", site="peripancreatic_nodes", count=count, source=_SOURCE),))
        for count in (2, 5)
    )


def _imaging(view: View, found: Criteria) -> Iterator[Question]:
    if not _treated(view):
        return
    open_systems = {name for name, item in found.imaging.items() if not item.criterion.verdict.decided}
    if "recist_1_1" in open_systems:
        answers = tuple((text, _sizes(view, factor)) for text, factor in _STEPS)
        yield Question("lesion_diameters", "diameters of the same lesions after treatment", answers, scope="response.")
    single = {"mrecist": ("viable_diameter", "mm"), "easl": ("enhancing_area", "mm2")}
    for system, (analyte, unit) in single.items():
        if system in open_systems:
            answers = tuple((text, _pair(analyte, unit, factor)) for text, factor in _STEPS)
            yield Question(
                analyte, f"{analyte.replace('_', ' ')} before and after treatment", answers, scope="response."
            )
    for system, analyte, unit in (("who_1979", "perpendicular_diameter", "mm"), ("choi", "attenuation", "[hnsf'U]")):
        if system in open_systems:
            answers = tuple((text, _beside(view, analyte, unit, factor)) for text, factor in _STEPS)
            given = tuple(_sizes(view, factor) for _, factor in _STEPS)
            yield Question(analyte, f"{analyte.replace('_', ' ')} beside the diameters", answers, given, "response.")


def _treated(view: View) -> bool:
    """Whether there is a treatment other than surgery to which a tumor can respond."""
    classes = {term("treatments", item.treatment).get("class") for item in view.treatments}
    return bool(classes & set(AGAINST_TUMOR) - {"surgery"})


def _first_sizes(view: View) -> tuple[Measurement, ...]:
    series = series_of(view, "longest_diameter", "short_axis")
    if not series.occasions:
        return ()
    return tuple(
        item for (_, key), item in series.values.items() if key == series.occasions[0].key and item.value is not None
    )


def _sizes(view: View, factor: float) -> tuple[Fact, ...]:
    """Sizes after treatment of the lesions measured before, or of a supposed lesion when none was."""
    first = _first_sizes(view)
    if not first:
        return _pair("longest_diameter", "mm", factor)
    return tuple(
        item.model_copy(update={"id": None, "value": (item.value or 0.0) * factor, "when": _AFTER}) for item in first
    )


def _pair(analyte: str, unit: str, factor: float) -> tuple[Fact, ...]:
    lesion = Lesion(id=_SAMPLE, role="metastasis", site="liver", source=_SOURCE)
    values = [(_BEFORE, 50.0), (_AFTER, 50.0 * factor)]
    return (lesion, *(_measured(analyte, value, unit, lesion=_SAMPLE, when=when) for when, value in values))


def _beside(view: View, analyte: str, unit: str, factor: float) -> tuple[Fact, ...]:
    first = _first_sizes(view)
    pairs = [(item.lesion, item.when) for item in first] or [(_SAMPLE, _BEFORE)]
    return tuple(
        _measured(analyte, value, unit, lesion=lesion, when=when)
        for lesion, before in pairs
        for when, value in ((before, 40.0), (_AFTER, 40.0 * factor))
    )


def _markers(view: View, found: Criteria) -> Iterator[Question]:
    if found.biochemical.criterion.verdict.decided or not _treated(view):
        return
    first = [next((item for item in view.measured(name) if item.value is not None), None) for name in MARKERS]
    known = [item for item in first if item is not None]
    if known:
        answers = tuple(
            (
                text,
                tuple(
                    _measured(item.analyte, (item.value or 0.0) * factor, item.unit or "", when=_AFTER)
                    for item in known
                ),
            )
            for text, factor in (("60 % lower", 0.4), ("20 % lower", 0.8), ("40 % higher", 1.4))
        )
        yield Question("markers_after_treatment", "values of the markers after treatment", answers)


def _treatments(found: Criteria) -> Iterator[Question]:
    for name, item in found.symptomatic.items():
        if item.criterion.missing and name != "glucose_rescue":
            answers = tuple(
                (response, (Treatment(treatment=name, response=response, source=_SOURCE),))
                for response in ("effective", "not effective")
            )
            yield Question(f"response_to_{name}", f"response of hypoglycemia to {name}", answers)
