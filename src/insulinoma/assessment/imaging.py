"""Lesion measurements of a record in the order of their imaging, as the response criteria need them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from insulinoma.assessment.recist import (
    MOST_TARGETS,
    MOST_TARGETS_AN_ORGAN,
    Imaging,
    NonTarget,
    Target,
    measurable,
)
from insulinoma.assessment.thresholds import exact
from insulinoma.assessment.view import View, tie
from insulinoma.record.schema import Finding, Lesion, Measurement, Timed, Treatment
from insulinoma.record.timeline import Span
from insulinoma.record.vocabulary import term

AGAINST_TUMOR = (
    "embolization", "cytotoxic", "PRRT", "mTOR inhibitor", "tyrosine kinase inhibitor", "interferon", "surgery",
    "ablation", "radiotherapy",
)  # fmt: skip
LOCAL_THERAPY = ("embolization", "ablation", "radiotherapy")
TOO_SMALL_TO_MEASURE = Decimal(5)


@dataclass(frozen=True)
class ImagingTime:
    """One imaging: what identifies its time, and the window of days in which it was made."""

    key: tuple[Any, ...]
    text: str
    span: Span


@dataclass(frozen=True)
class Series:
    """Values of lesions at imaging times in order; `ordered` tells whether the order is certain."""

    occasions: tuple[ImagingTime, ...]
    values: dict[tuple[str, tuple[Any, ...]], Measurement]
    ordered: bool

    def value(self, lesion: str, occasion: ImagingTime) -> Measurement | None:
        """The measurement of a lesion at an imaging."""
        return self.values.get((lesion, occasion.key))


def series_of(view: View, *analytes: str, findings: tuple[Finding, ...] = ()) -> Series:
    """The series of single lesions for an analyte, with the times of some findings among its times."""
    single = {lesion.id for lesion in view.lesions if lesion.id and lesion.count in (None, "solitary", 1)}
    values = {}
    occasions: dict[tuple[Any, ...], ImagingTime] = {}
    facts: list[Timed] = [*findings]
    for item in view.numbers(*analytes):
        if item.lesion in single and item.lesion is not None:
            values[item.lesion, time_key(item)] = item
            facts.append(item)
    for fact in facts:
        occasions.setdefault(time_key(fact), ImagingTime(time_key(fact), fact.when.text, view.span(fact)))
    ordered = sorted(occasions.values(), key=lambda item: (item.span.earliest, item.span.latest, item.text))
    certain = all(one.span.latest <= other.span.earliest for one, other in pairwise(ordered))
    return Series(tuple(ordered), values, certain)


def time_key(fact: Timed) -> tuple[Any, ...]:
    """What two facts of one imaging share: the time as stated."""
    return (fact.when.kind, fact.when.points)


def millimeters(item: Measurement) -> Decimal | None:
    """A length in mm; 5 mm for a lesion too small to measure; None for any other bound or interval."""
    factor = exact(item.kind.unit(item.unit or "mm").factor or 1.0)
    if item.value is not None:
        return exact(item.value) * factor
    if item.below is not None and exact(item.below) * factor <= TOO_SMALL_TO_MEASURE:
        return TOO_SMALL_TO_MEASURE
    return None


def choose_targets(view: View, series: Series, baseline: ImagingTime) -> tuple[list[Target], list[str]]:
    """The target lesions and remarks: those the record marks, else the largest measurable ones.

    At most five, two an organ. Lesions treated locally before the baseline count only if they grew since.
    """
    lesions = [lesion for lesion in view.lesions if lesion.id and lesion.count in (None, "solitary", 1)]
    marked = [lesion for lesion in lesions if lesion.target]
    remarks: list[str] = []
    sized = []
    for lesion in marked or [lesion for lesion in lesions if lesion.target is None]:
        item = series.value(lesion.id or "", baseline)
        size = millimeters(item) if item is not None else None
        if size is None or not measurable(_target(lesion), size):
            continue
        if _treated_before(view, lesion, baseline):
            remarks.append(f"{lesion.id} was treated locally before the baseline and is not measurable.")
            continue
        sized.append((size, lesion))
    chosen = _largest(sized)
    if len(chosen) < len(sized):
        remarks.append("The largest lesions were taken, at most five and two an organ.")
    elif chosen and not marked:
        remarks.append("The record marks no targets: every measurable lesion was taken.")
    return chosen, remarks


def imaging_at(view: View, series: Series, targets: list[Target], occasion: ImagingTime, since: ImagingTime) -> Imaging:
    """What one imaging says of the targets, the other lesions and new lesions since the baseline."""
    sizes = {}
    for target in targets:
        item = series.value(target.name, occasion)
        sizes[target.name] = millimeters(item) if item is not None else None
    new = any(
        since.span.latest <= view.span(item).earliest and view.span(item).latest <= occasion.span.latest
        for item in view.found("new_lesion")
    )
    others = [lesion for lesion in view.lesions if lesion.id not in {target.name for target in targets}]
    return Imaging(occasion.text, sizes, new, _non_target(view, series, others, occasion))


def _non_target(view: View, series: Series, others: list[Lesion], occasion: ImagingTime) -> NonTarget:
    if not others:
        return "none"
    states = [_state(view, series, lesion, occasion) for lesion in others]
    if "PD" in states:
        return "PD"
    if "non-CR/non-PD" in states:
        return "non-CR/non-PD"
    return "CR" if all(state == "CR" for state in states) else "NE"


def _state(view: View, series: Series, lesion: Lesion, occasion: ImagingTime) -> NonTarget:
    for name, state in (("tumor_increase", "PD"), ("tumor_decrease", "non-CR/non-PD")):
        for item in view.found(name):
            if item.lesion is not None and item.lesion == lesion.id and time_key(item) == occasion.key:
                return state  # type: ignore[return-value]
    measured = series.value(lesion.id or "", occasion)
    size = millimeters(measured) if measured is not None else None
    if size is None:
        return "NE"
    gone = size < 10 if lesion.role == "node" else size == 0
    return "CR" if gone else "non-CR/non-PD"


def _target(lesion: Lesion) -> Target:
    return Target(lesion.id or "", lesion.role == "node", term("sites", lesion.site).get("organ"))


def _largest(sized: list[tuple[Decimal, Lesion]]) -> list[Target]:
    chosen: list[Target] = []
    for _, lesion in sorted(sized, key=lambda entry: (-entry[0], tie(entry[1]))):
        target = _target(lesion)
        in_organ = sum(other.organ == target.organ for other in chosen)
        if len(chosen) < MOST_TARGETS and in_organ < MOST_TARGETS_AN_ORGAN:
            chosen.append(target)
    return chosen


def _treated_before(view: View, lesion: Lesion, baseline: ImagingTime) -> bool:
    for treatment in view.treatments:
        if term("treatments", treatment.treatment).get("class") not in LOCAL_THERAPY:
            continue
        start = view.start(treatment)
        if start.latest <= baseline.span.earliest and _covers(treatment, lesion):
            grown = any(
                item.lesion == lesion.id and start.earliest <= view.span(item).earliest
                and view.span(item).latest <= baseline.span.latest
                for item in view.found("tumor_increase")
            )  # fmt: skip
            if not grown:
                return True
    return False


def _covers(treatment: Treatment, lesion: Lesion) -> bool:
    """Whether a local treatment reached a lesion, as far as the sites tell."""
    if treatment.lesion is not None:
        return treatment.lesion == lesion.id
    if treatment.site is None or treatment.site == lesion.site:
        return treatment.site is not None
    same_organ = term("sites", treatment.site).get("organ") == term("sites", lesion.site).get("organ")
    return same_organ and "liver" in (treatment.site, lesion.site)
