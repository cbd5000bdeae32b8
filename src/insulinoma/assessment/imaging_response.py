"""Response on imaging by RECIST 1.1, mRECIST, EASL, Choi and WHO 1979, on the lesions of a record.

Without two measured times nothing is computed; what the source says in words stays in words.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from insulinoma.assessment.embolization_response import choi, easl, mrecist, who_1979
from insulinoma.assessment.imaging import (
    AGAINST_TUMOR,
    ImagingTime,
    Series,
    choose_targets,
    imaging_at,
    millimeters,
    series_of,
)
from insulinoma.assessment.recist import Response, best_response, recist_series
from insulinoma.assessment.thresholds import exact
from insulinoma.assessment.verdict import Criterion, Verdict, plain
from insulinoma.assessment.view import View, tie
from insulinoma.data import read_table
from insulinoma.record.schema import Finding, Measurement
from insulinoma.record.vocabulary import term

_DIRECTIONS = {
    "tumor_decrease": "decrease",
    "tumor_increase": "increase",
    "necrosis_on_imaging": "necrosis",
    "new_lesion": "new lesion",
}


@dataclass(frozen=True)
class ImagingResponse:
    """The response by one system: the best, each imaging time, and what the source says in words."""

    criterion: Criterion
    response: Response | None
    series: tuple[dict[str, Any], ...]
    narrative: tuple[dict[str, Any], ...]

    def to_json(self) -> dict[str, Any]:
        """The response as plain data."""
        return {
            **self.criterion.to_json(),
            "response": self.response,
            "series": plain(self.series),
            "narrative": plain(self.narrative),
        }


def imaging_responses(view: View) -> dict[str, ImagingResponse]:
    """The response by every system."""
    words = narrative(view)
    responses = {"recist_1_1": _recist(view, words)}
    sums: dict[str, tuple[str, Callable[..., Response]]] = {
        "mrecist": ("viable_diameter", mrecist),
        "easl": ("enhancing_area", easl),
    }
    for name, (analyte, rule) in sums.items():
        totals = _totals(view, series_of(view, analyte, findings=view.found("new_lesion")), _length_or_area)
        responses[name] = _by_sum(view, name, totals, rule, words)
    products = series_of(view, "longest_diameter", findings=view.found("new_lesion"))
    across = series_of(view, "perpendicular_diameter")
    responses["who_1979"] = _by_sum(view, "who_1979", _products(view, products, across), who_1979, words)
    responses["choi"] = _choi(view, products, words)
    return {name: responses[name] for name in _rules()}


def narrative(view: View) -> tuple[dict[str, Any], ...]:
    """What the source says of the tumor's course in words, with its days and the treatments before it."""
    told = sorted(
        view.found(*_DIRECTIONS), key=lambda item: (view.span(item).earliest, view.span(item).latest, tie(item))
    )
    return tuple(
        {
            "direction": _DIRECTIONS[item.finding],
            "lesion": item.lesion,
            **view.days(item.when).to_json(),
            **_treated_before(view, item),
            "facts": list(view.labels((item,))),
        }
        for item in told
    )


def _treated_before(view: View, item: Finding) -> dict[str, list[str]]:
    """Tumor treatments that had certainly begun by then, and those that perhaps had."""
    span = view.span(item)
    before, perhaps = [], []
    for treatment in view.treatments:
        if term("treatments", treatment.treatment).get("class") not in AGAINST_TUMOR:
            continue
        start = view.start(treatment)
        if start.latest <= span.earliest:
            before.append(view.label(treatment))
        elif start.earliest < span.latest:
            perhaps.append(view.label(treatment))
    return {"treated_before": before, "perhaps_treated_before": perhaps}


def _recist(view: View, words: tuple[dict[str, Any], ...]) -> ImagingResponse:
    series = series_of(view, "longest_diameter", "short_axis", findings=view.found("new_lesion"))
    problem = _problem(series)
    if problem is not None:
        return _not_evaluable("recist_1_1", view, series, problem, words)
    baseline, *later = series.occasions
    targets, remarks = choose_targets(view, series, baseline)
    if not targets:
        reason = " ".join(["No measurable target lesion at baseline.", *remarks])
        return _not_evaluable("recist_1_1", view, series, reason, words)
    images = [imaging_at(view, series, targets, occasion, baseline) for occasion in (baseline, *later)]
    responses = recist_series(targets, images[0], images[1:])
    best = best_response(responses)
    if best == "NE":
        reason = "The target lesions were not all measured again."
        return _not_evaluable("recist_1_1", view, series, reason, words)
    remarks.append(f"Targets: {', '.join(target.name for target in targets)}. Best response, not confirmed.")
    parts = tuple(item.to_json() for item in responses)
    return _evaluated("recist_1_1", view, series, best, parts, words, " ".join(remarks))


@dataclass(frozen=True)
class _Totals:
    series: Series
    lesions: tuple[str, ...]
    sums: tuple[tuple[ImagingTime, Decimal | None], ...]


def _by_sum(
    view: View, name: str, totals: _Totals, rule: Callable[..., Response], words: tuple[dict[str, Any], ...]
) -> ImagingResponse:
    problem = _problem(totals.series)
    first = totals.sums[0][1] if totals.sums else None
    if problem is not None or not first:
        reason = problem or "No lesion was measured in this way at the first imaging."
        return _not_evaluable(name, view, totals.series, reason, words)
    baseline, nadir = first, first
    parts: list[dict[str, Any]] = []
    for occasion, total in totals.sums[1:]:
        new = _new_lesion(view, totals.sums[0][0], occasion)
        response: Response = "PD" if new else "NE"
        if total is not None:
            response = rule(baseline, nadir, total, new_lesion=new)
            nadir = min(nadir, total)
        change = None if total is None else float(round((total - baseline) * 100 / baseline, 4))
        shown = None if total is None else float(total)
        parts.append({"when": occasion.text, "sum": shown, "change_from_baseline_percent": change, "overall": response})
    return _summed_up(name, view, totals.series, tuple(parts), words)


def _choi(view: View, sizes: Series, words: tuple[dict[str, Any], ...]) -> ImagingResponse:
    density = series_of(view, "attenuation")
    totals = _totals(view, sizes, _length_or_area)
    problem = _problem(sizes)
    first = totals.sums[0][1] if totals.sums else None
    if problem is not None or not first:
        return _not_evaluable("choi", view, sizes, problem or "No diameter at the first imaging.", words)
    before = _mean_density(density, totals.lesions, totals.sums[0][0])
    parts: list[dict[str, Any]] = []
    for occasion, total in totals.sums[1:]:
        new = _new_lesion(view, totals.sums[0][0], occasion)
        now = _mean_density(density, totals.lesions, occasion)
        pair = None if before is None or now is None else (before, now)
        response: Response = "PD" if new else "NE"
        if total is not None:
            response = choi((first, total), pair, new_lesion=new)
        parts.append({"when": occasion.text, "sum": None if total is None else float(total), "overall": response})
    return _summed_up("choi", view, sizes, tuple(parts), words)


def _summed_up(
    name: str, view: View, series: Series, parts: tuple[dict[str, Any], ...], words: tuple[dict[str, Any], ...]
) -> ImagingResponse:
    order: tuple[Response, ...] = ("CR", "PR", "SD", "PD")
    seen = [part["overall"] for part in parts]
    before_progression = seen[: seen.index("PD") + 1] if "PD" in seen else seen
    best = next((response for response in order if response in before_progression), None)
    if best is None:
        return _not_evaluable(name, view, series, "The lesions were not all measured again.", words)
    return _evaluated(name, view, series, best, parts, words, "Best response, not confirmed.")


def _totals(view: View, series: Series, measure: Callable[[Measurement], Decimal | None]) -> _Totals:
    if not series.occasions:
        return _Totals(series, (), ())
    first = series.occasions[0]
    lesions = tuple(sorted({lesion for lesion, key in series.values if key == first.key}))
    sums = []
    for occasion in series.occasions:
        items = [series.value(lesion, occasion) for lesion in lesions]
        values = [measure(item) if item is not None else None for item in items]
        known = [value for value in values if value is not None]
        sums.append((occasion, sum(known, Decimal(0)) if known and len(known) == len(values) else None))
    return _Totals(series, lesions, tuple(sums))


def _products(view: View, along: Series, across: Series) -> _Totals:
    def product(item: Measurement) -> Decimal | None:
        other = across.values.get((item.lesion or "", (item.when.kind, item.when.points)))
        one, two = millimeters(item), millimeters(other) if other is not None else None
        return None if one is None or two is None else one * two

    return _totals(view, along, product)


def _length_or_area(item: Measurement) -> Decimal | None:
    if item.value is None:
        return None
    return exact(item.value) * exact(item.kind.unit(item.unit or "").factor or 1.0)


def _mean_density(series: Series, lesions: tuple[str, ...], occasion: ImagingTime) -> Decimal | None:
    items = [series.value(lesion, occasion) for lesion in lesions]
    values = [exact(item.value) for item in items if item is not None and item.value is not None]
    return sum(values, Decimal(0)) / len(values) if values and len(values) == len(items) else None


def _new_lesion(view: View, baseline: ImagingTime, occasion: ImagingTime) -> bool:
    return any(
        baseline.span.latest <= view.span(item).earliest and view.span(item).latest <= occasion.span.latest
        for item in view.found("new_lesion")
    )


def _problem(series: Series) -> str | None:
    if not series.values:
        return "No lesion is measured in this way."
    if len(series.occasions) < 2:
        return "Lesions are measured at one time only."
    return None if series.ordered else "The order of the imaging times is not certain."


def _evaluated(
    name: str,
    view: View,
    series: Series,
    best: Response,
    parts: tuple[dict[str, Any], ...],
    words: tuple[dict[str, Any], ...],
    note: str,
) -> ImagingResponse:
    criterion = _criterion(name, Verdict.MET, view.labels(series.values.values()), note=note)
    return ImagingResponse(criterion, best, parts, words)


def _not_evaluable(
    name: str, view: View, series: Series, reason: str, words: tuple[dict[str, Any], ...]
) -> ImagingResponse:
    facts = view.labels(series.values.values())
    return ImagingResponse(
        _criterion(name, Verdict.NOT_EVALUABLE, facts, note=reason, missing=(_rules()[name]["needs"],)), None, (), words
    )


def _criterion(
    name: str, verdict: Verdict, facts: tuple[str, ...], *, note: str, missing: tuple[str, ...] = ()
) -> Criterion:
    row = _rules()[name]
    return Criterion(
        verdict=verdict,
        rule=row["rule"],
        edition=row["edition"],
        citation=row["citation"],
        threshold=row["limits"],
        facts=facts,
        missing=missing,
        note=note,
    )


@cache
def _rules() -> dict[str, dict[str, str]]:
    return {row["name"]: row for row in read_table("criteria", "response.csv")}
