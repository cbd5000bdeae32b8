"""The criteria of the Endocrine Society 2009 for hypoglycemia by endogenous insulin [Cryer2009].

Insulin, C-peptide, proinsulin and beta-hydroxybutyrate count only in a sample whose glucose is low:
the same named sample, or the same clock time. A value of the same day only is inferred to belong.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from insulinoma.assessment.occasions import draw_key, glucose_from_lowest, magnitude
from insulinoma.assessment.patterns import PatternMatch, match_patterns
from insulinoma.assessment.thresholds import Comparison, compare, exact, reported_text, threshold
from insulinoma.assessment.verdict import Criterion, Verdict, all_of
from insulinoma.assessment.view import View, tie
from insulinoma.assessment.whipple import WhippleTriad
from insulinoma.record.schema import Measurement

_PAIRED = ("insulin", "c_peptide", "proinsulin", "beta_hydroxybutyrate")
_RULES = {
    "glucose": "Plasma glucose during symptoms is below the limit.",
    "insulin": "Insulin is not suppressed while glucose is low.",
    "c_peptide": "C-peptide is not suppressed while glucose is low.",
    "proinsulin": "Proinsulin is not suppressed while glucose is low.",
    "beta_hydroxybutyrate": "Ketogenesis is suppressed while glucose is low, which shows the action of insulin or IGF.",
    "glucagon_response": "Glucose rises after 1.0 mg of i.v. glucagon, which shows glycogen kept by insulin or IGF.",
    "sulfonylurea_screen": "No oral hypoglycemic agent is found in the blood.",
    "insulin_antibody": "There are no antibodies against insulin.",
}
_ASSAY = "The printed limit is that of an immunochemiluminometric assay; by radioimmunoassay 6 uU/mL has been used."


@dataclass(frozen=True)
class EndocrineSociety:
    """The eight criteria, the whole, and the rows of the pattern table that are still possible."""

    criteria: tuple[tuple[str, Criterion], ...]
    hyperinsulinism: Verdict
    overall: Verdict
    pattern: PatternMatch

    @property
    def summary(self) -> str:
        """The whole in words: consistent or not, complete or not."""
        verdicts = [criterion.verdict for _, criterion in self.criteria]
        against = Verdict.NOT_MET in verdicts
        for_it = Verdict.MET in verdicts or Verdict.INFERRED in verdicts
        complete = all(verdict.decided for verdict in verdicts)
        if against:
            return "not consistent" if complete else "not consistent, and incomplete"
        if not for_it:
            return "not measured"
        return "consistent and complete" if complete else "consistent but incomplete"

    def to_json(self) -> dict[str, Any]:
        """The criteria as plain data."""
        unknown = [name for name, criterion in self.criteria if not criterion.verdict.decided]
        overall = {
            "verdict": self.overall.value,
            "summary": self.summary,
            "endogenous_hyperinsulinism": self.hyperinsulinism.value,
            "undecided": unknown,
            "excluded_patterns": {name: list(columns) for name, columns in self.pattern.excluded},
            "notes": list(self.pattern.notes),
        }
        criteria = {name: criterion.to_json() for name, criterion in self.criteria}
        return {**criteria, "overall": overall, "pattern": list(self.pattern.possible)}


def endocrine_society(view: View, whipple: WhippleTriad) -> EndocrineSociety:
    """The eight criteria on a record, their whole, and the pattern table."""
    draws = critical_glucose(view)
    found = {"glucose": _glucose(view, draws)}
    for name in _PAIRED:
        found[name] = _paired(view, name, draws)
    found["glucagon_response"] = _glucagon_response(view)
    found["sulfonylurea_screen"] = _screen(view, "sulfonylurea_screen", "an oral hypoglycemic agent screen")
    found["insulin_antibody"] = _screen(view, "insulin_antibody", "insulin antibodies")
    verdicts = {name: criterion.verdict for name, criterion in found.items()}
    first_four = ("glucose", "insulin", "c_peptide", "proinsulin")
    return EndocrineSociety(
        tuple(found.items()),
        all_of(verdicts[name] for name in first_four),
        all_of(verdicts.values()),
        match_patterns({"symptoms": whipple.symptoms.verdict, **_columns(verdicts)}),
    )


def critical_glucose(view: View) -> list[Measurement]:
    """Glucose values below the limit; first that of the fullest sample, then the earliest, then the lowest."""
    return view.remember("critical glucose", _critical_glucose)


def _critical_glucose(view: View) -> list[Measurement]:
    low = [item for item in view.numbers("glucose") if compare(item, "es_glucose").verdict is Verdict.MET]
    keys = [{draw_key(item) for item in view.numbers(name)} - {None} for name in _PAIRED]

    def order(item: Measurement) -> tuple[Any, ...]:
        together = sum(draw_key(item) in drawn for drawn in keys if draw_key(item) is not None)
        return (-together, view.span(item).earliest, magnitude(item), item.sample or "", tie(item))

    return sorted(low, key=order)


def _columns(verdicts: dict[str, Verdict]) -> dict[str, Verdict]:
    return {name: verdict for name, verdict in verdicts.items() if name != "glucose"}


def _glucose(view: View, draws: list[Measurement]) -> Criterion:
    if draws:
        return _compared(view, "glucose", draws[0], compare(draws[0], "es_glucose"), ())
    values = glucose_from_lowest(view)
    if not values:
        called_low = [item for item in view.measured("glucose") if "low" in (item.statement, item.flag)]
        if called_low:
            shown = min(called_low, key=tie)
            return _compared(view, "glucose", shown, compare(shown, "es_glucose"), ())
        return _unknown("glucose", Verdict.NOT_MEASURED, "a plasma glucose during symptoms")
    undecided = [item for item in values if compare(item, "es_glucose").verdict is Verdict.NOT_EVALUABLE]
    shown = undecided[0] if undecided else values[0]
    return _compared(view, "glucose", shown, compare(shown, "es_glucose"), ())


def _paired(view: View, name: str, draws: list[Measurement]) -> Criterion:
    values = view.measured(name)
    reported = [item for item in values if item.numbers or item.statement or item.flag]
    if not reported:
        return _unknown(name, Verdict.NOT_MEASURED, f"{name.replace('_', '-')} while glucose is low")
    together = _drawn_together(reported, draws)
    if together:
        glucose, item = together[0]
        others = [_compare_paired(other, name).verdict for _, other in together[1:]]
        result = _compare_paired(item, name)
        criterion = _compared(view, name, item, result, (glucose,))
        if any(other.decided and other is not result.verdict for other in others):
            return _noted(criterion, "Another sample with low glucose gives another answer.")
        return criterion
    same_day = _of_the_same_day(reported, draws)
    if same_day is not None:
        return _inferred(view, name, *same_day)
    what = f"the glucose of the sample in which {name.replace('_', '-')} was measured"
    shown = min(reported, key=lambda item: (view.span(item).earliest, tie(item)))
    return _compared(view, name, shown, Comparison(Verdict.NOT_EVALUABLE, f"Not known: {what}."), (), (what,))


def _drawn_together(values: list[Measurement], draws: list[Measurement]) -> list[tuple[Measurement, Measurement]]:
    by_draw: dict[str, list[Measurement]] = {}
    for item in values:
        key = draw_key(item)
        if key is not None:
            by_draw.setdefault(key, []).append(item)
    pairs = []
    for glucose in draws:
        for item in sorted(by_draw.get(draw_key(glucose) or "", []), key=lambda item: (not item.numbers, tie(item))):
            pairs.append((glucose, item))
    return pairs


def _of_the_same_day(values: list[Measurement], draws: list[Measurement]) -> tuple[Measurement, Measurement] | None:
    dated = sorted((item for item in values if item.when.kind == "point" and item.sample is None), key=tie)
    by_time = {item.when.text: item for item in dated}
    for glucose in draws:
        if glucose.when.kind == "point" and glucose.sample is None and glucose.when.text in by_time:
            return glucose, by_time[glucose.when.text]
    return None


def _compare_paired(item: Measurement, name: str) -> Comparison:
    return compare(item, f"es_{name}")


def _inferred(view: View, name: str, glucose: Measurement, item: Measurement) -> Criterion:
    result = _compare_paired(item, name)
    verdict = Verdict.INFERRED if result.verdict is Verdict.MET else Verdict.NOT_EVALUABLE
    note = "Drawn on the day of a low glucose; nothing says that it was the same sample."
    missing = () if verdict is Verdict.INFERRED else (f"whether {name} and the low glucose are one sample",)
    return _compared(view, name, item, Comparison(verdict, note), (glucose,), missing)


def _glucagon_response(view: View) -> Criterion:
    values = view.numbers("glucagon_response")
    if not values:
        return _unknown("glucagon_response", Verdict.NOT_MEASURED, "glucose after 1.0 mg of intravenous glucagon")
    shown = min(values, key=lambda item: (view.span(item).earliest, -magnitude(item), tie(item)))
    criterion = _compared(view, "glucagon_response", shown, compare(shown, "es_glucagon_response"), ())
    if len({compare(item, "es_glucagon_response").verdict for item in values}) > 1:
        return _noted(criterion, "Another test gives another answer.")
    return criterion


def _screen(view: View, name: str, what: str) -> Criterion:
    values = view.measured(name)
    answers = [(item, _negative(item)) for item in values]
    for verdict in (Verdict.NOT_MET, Verdict.MET, Verdict.NOT_EVALUABLE):
        shown = sorted((item for item, answer in answers if answer is verdict), key=tie)
        if shown:
            note = None if verdict.decided else "No statement and no upper limit of the laboratory."
            return _compared(view, name, shown[0], Comparison(verdict, note), ())
    return _unknown(name, Verdict.NOT_MEASURED, what)


def _negative(item: Measurement) -> Verdict:
    """Whether a screen or an antibody test is negative, by its statement, flag or the laboratory's own limit."""
    if item.statement in ("negative", "normal") or item.flag == "normal":
        return Verdict.MET
    if item.statement in ("positive", "elevated") or item.flag == "elevated":
        return Verdict.NOT_MET
    if item.analyte == "sulfonylurea_screen" and item.value in (0, 1):
        return Verdict.MET if item.value == 0 else Verdict.NOT_MET
    upper = item.reference.upper if item.reference else None
    if item.value is None or upper is None:
        return Verdict.NOT_EVALUABLE
    return Verdict.MET if exact(item.value) <= exact(upper) else Verdict.NOT_MET


def _compared(
    view: View,
    name: str,
    item: Measurement,
    result: Comparison,
    partners: tuple[Measurement, ...],
    missing: tuple[str, ...] = (),
) -> Criterion:
    note = result.note
    if name == "insulin" and result.verdict in (Verdict.MET, Verdict.INFERRED):
        note = f"{note} {_ASSAY}" if note else _ASSAY
    if result.verdict is Verdict.NOT_EVALUABLE and not missing:
        missing = (f"a number for {name} that lies on one side of the limit",)
    return Criterion(
        verdict=result.verdict,
        rule=_RULES[name],
        edition="Endocrine Society 2009",
        citation="Cryer2009",
        value=item.value,
        unit=item.unit,
        reported=reported_text(item),
        threshold=_limit_text(name),
        facts=view.labels((item, *partners)),
        missing=missing,
        note=note,
    )


def _unknown(name: str, verdict: Verdict, what: str) -> Criterion:
    return Criterion(
        verdict=verdict,
        rule=_RULES[name],
        edition="Endocrine Society 2009",
        citation="Cryer2009",
        threshold=_limit_text(name),
        missing=(what,),
    )


def _limit_text(name: str) -> str:
    return "negative" if name in ("sulfonylurea_screen", "insulin_antibody") else threshold(f"es_{name}").text


def _noted(criterion: Criterion, note: str) -> Criterion:
    return replace(criterion, note=f"{criterion.note} {note}" if criterion.note else note)
