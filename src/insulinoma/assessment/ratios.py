"""Ratios of one sample, computed only inside the domain of their formula.

Turner's amended ratio has no value at or below 30 mg/dL, and the homeostasis models none in
hypoglycemia: these are refused with the reason instead of returning a number.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from insulinoma.assessment.endocrine_society import critical_glucose
from insulinoma.assessment.occasions import draw_key, magnitude
from insulinoma.assessment.verdict import Criterion, Verdict
from insulinoma.assessment.view import View, tie
from insulinoma.quantities import convert
from insulinoma.record.schema import Measurement

LEGACY_INSULIN_FACTOR = 6.945
_HOMA_LOWEST_MMOL_L = 3.5


@dataclass(frozen=True)
class Sample:
    """Glucose, insulin and C-peptide that were drawn together; each may be absent."""

    glucose: Measurement | None
    insulin: Measurement | None
    c_peptide: Measurement | None


def ratios(view: View) -> dict[str, Criterion]:
    """Every ratio on the sample with the lowest insulin-bearing glucose, or the reason why it is refused."""
    sample = _sample(view)
    return {
        "insulin_to_glucose": insulin_to_glucose(view, sample),
        "amended_insulin_glucose": amended_ratio(view, sample),
        "insulin_to_c_peptide_molar": insulin_to_c_peptide(view, sample),
        "homa_b": homa_b(view, sample),
        "homa_ir": homa_ir(view, sample),
    }


def insulin_to_glucose(view: View, sample: Sample) -> Criterion:
    """Immunoreactive insulin (uU/mL) over glucose (mg/dL); above 0.3 speaks for hyperinsulinism [Fajans]."""
    base = _ratio("Insulin in uU/mL over glucose in mg/dL of one sample.", "Fajans", "> 0.3", "uU/mL per mg/dL")
    refused = _absent(view, base, sample.glucose, sample.insulin)
    if refused is not None or sample.glucose is None or sample.insulin is None:
        return refused or base
    glucose, insulin = _glucose_mg_dl(sample.glucose), _insulin_uu_ml(sample.insulin)
    return _judge(view, base, insulin / glucose, 0.3, (sample.insulin, sample.glucose))


def amended_ratio(view: View, sample: Sample) -> Criterion:
    """100 x insulin (uU/mL) over glucose (mg/dL) less 30; undefined at or below 30 mg/dL [Turner]."""
    rule = "100 x insulin in uU/mL over (glucose in mg/dL - 30) of one sample; others use 200 as the limit."
    base = _ratio(rule, "Turner", "> 50", "uU/mL per mg/dL")
    refused = _absent(view, base, sample.glucose, sample.insulin)
    if refused is not None or sample.glucose is None or sample.insulin is None:
        return refused or base
    glucose = _glucose_mg_dl(sample.glucose)
    facts = (sample.insulin, sample.glucose)
    if glucose <= 30:
        return _refuse(view, base, facts, f"The formula has no value at or below 30 mg/dL; glucose is {glucose:.4g}.")
    return _judge(view, base, 100 * _insulin_uu_ml(sample.insulin) / (glucose - 30), 50, facts)


def insulin_to_c_peptide(view: View, sample: Sample) -> Criterion:
    """Molar insulin over C-peptide; below 1 is the pattern of the pancreas's own insulin."""
    base = _ratio(
        "Molar ratio of insulin to C-peptide of one sample; below 1 when insulin is endogenous.", "Cryer2009", "< 1", ""
    )
    refused = _absent(view, base, sample.insulin, sample.c_peptide)
    if refused is not None or sample.insulin is None or sample.c_peptide is None:
        return refused or base
    c_peptide = sample.c_peptide.converted("pmol/L").value
    facts = (sample.insulin, sample.c_peptide)
    if c_peptide <= 0:
        return _refuse(view, base, facts, "C-peptide is zero.")
    ratio = sample.insulin.converted("pmol/L").value / c_peptide
    note = _note(sample.insulin)
    if note is not None:
        legacy = ratio * LEGACY_INSULIN_FACTOR / 6.0
        note = f"{note}; {legacy:.2g} at {LEGACY_INSULIN_FACTOR}"
    verdict = Verdict.MET if ratio < 1 else Verdict.NOT_MET
    return replace(base, verdict=verdict, value=_rounded(ratio), facts=view.labels(facts), note=note)


def homa_b(view: View, sample: Sample) -> Criterion:
    """Homeostasis model of beta-cell function, refused at or below 3.5 mmol/L and outside a fast."""
    base = _ratio("20 x insulin in uU/mL over (glucose in mmol/L - 3.5), fasting.", "HOMA", None, "%")
    domain = _homa_domain(view, base, sample)
    if isinstance(domain, Criterion):
        return domain
    glucose, insulin, facts = domain
    value = 20 * insulin / (glucose - _HOMA_LOWEST_MMOL_L)
    return replace(base, verdict=Verdict.MET, value=_rounded(value), facts=view.labels(facts), note="No limit is set.")


def homa_ir(view: View, sample: Sample) -> Criterion:
    """Homeostasis model of insulin resistance, refused in hypoglycemia and outside a fast."""
    base = _ratio("Insulin in uU/mL x glucose in mmol/L over 22.5, fasting.", "HOMA", None, "")
    domain = _homa_domain(view, base, sample)
    if isinstance(domain, Criterion):
        return domain
    glucose, insulin, facts = domain
    value = insulin * glucose / 22.5
    return replace(base, verdict=Verdict.MET, value=_rounded(value), facts=view.labels(facts), note="No limit is set.")


def _homa_domain(
    view: View, base: Criterion, sample: Sample
) -> Criterion | tuple[float, float, tuple[Measurement, Measurement]]:
    refused = _absent(view, base, sample.glucose, sample.insulin)
    if refused is not None or sample.glucose is None or sample.insulin is None:
        return refused or base
    facts = (sample.insulin, sample.glucose)
    glucose = convert("glucose", sample.glucose.value or 0.0, sample.glucose.unit or "", "mmol/L").value
    if glucose <= _HOMA_LOWEST_MMOL_L:
        reason = (
            f"The model has no value at or below {_HOMA_LOWEST_MMOL_L} mmol/L (its denominator is not positive); "
            f"glucose is {glucose:.4g} mmol/L. It describes a basal state with intact feedback."
        )
        return _refuse(view, base, facts, reason)
    if "fast" not in f"{sample.glucose.condition} {sample.insulin.condition}".casefold():
        return _refuse(
            view, base, facts, "The model needs a fasting sample, and the record does not say that it was one."
        )
    return glucose, _insulin_uu_ml(sample.insulin), facts


def _sample(view: View) -> Sample:
    """The sample with insulin or C-peptide: one with a low glucose first, then the earliest."""
    insulin, c_peptide = _by_draw(view, "insulin"), _by_draw(view, "c_peptide")
    drawn = insulin.keys() | c_peptide.keys()
    glucose = [item for item in view.numbers("glucose") if draw_key(item) in drawn]
    glucose.sort(key=lambda item: (view.span(item).earliest, magnitude(item), tie(item)))
    low = [item for item in critical_glucose(view) if draw_key(item) in drawn]
    for item in (*low, *glucose):
        key = draw_key(item)
        if item.value is not None and key is not None:
            return Sample(item, insulin.get(key), c_peptide.get(key))
    key = min(insulin, default=None)
    return Sample(None, insulin[key], c_peptide.get(key)) if key is not None else Sample(None, None, None)


def _by_draw(view: View, name: str) -> dict[str, Measurement]:
    """Single values of an analyte by what they were drawn with."""
    found: dict[str, Measurement] = {}
    for item in sorted(view.numbers(name), key=lambda item: (magnitude(item), tie(item))):
        key = draw_key(item)
        if item.value is not None and key is not None:
            found.setdefault(key, item)
    return found


def _glucose_mg_dl(item: Measurement) -> float:
    return item.converted("mg/dL").value


def _insulin_uu_ml(item: Measurement) -> float:
    if item.unit is not None and item.kind.unit(item.unit).symbol in ("uU/mL", "mU/L") and item.value is not None:
        return item.value
    pmol_l = item.converted("pmol/L").value
    return pmol_l / (item.factor or 6.0)


def _note(insulin: Measurement) -> str | None:
    in_units = insulin.unit is not None and insulin.kind.unit(insulin.unit).symbol != "pmol/L"
    return f"insulin at {insulin.factor or 6.0:g} pmol/L per uU/mL" if in_units else None


def _ratio(rule: str, citation: str, limit: str | None, unit: str) -> Criterion:
    return Criterion(
        verdict=Verdict.NOT_MEASURED, rule=rule, edition="as published", citation=citation,
        threshold=limit, unit=unit or None,
    )  # fmt: skip


def _absent(view: View, base: Criterion, *needed: Measurement | None) -> Criterion | None:
    if all(item is not None and item.value is not None for item in needed):
        return None
    return replace(base, facts=view.labels(needed), missing=("numbers that are stated to be of one sample",))


def _refuse(view: View, base: Criterion, facts: tuple[Measurement, ...], reason: str) -> Criterion:
    return replace(base, verdict=Verdict.NOT_EVALUABLE, facts=view.labels(facts), note=f"Refused: {reason}")


def _judge(view: View, base: Criterion, value: float, limit: float, facts: tuple[Measurement, ...]) -> Criterion:
    verdict = Verdict.MET if value > limit else Verdict.NOT_MET
    return replace(base, verdict=verdict, value=_rounded(value), facts=view.labels(facts))


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")
