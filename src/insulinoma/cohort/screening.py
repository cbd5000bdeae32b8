"""A supervised fast of each candidate, told as a record and judged by the criteria that judge real ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from insulinoma.assessment.endocrine_society import endocrine_society
from insulinoma.assessment.verdict import Verdict
from insulinoma.assessment.view import view_of
from insulinoma.assessment.whipple import whipple_triad
from insulinoma.cohort.draw import Floats, Patients
from insulinoma.cohort.engine import Engine
from insulinoma.cohort.population import Inclusion, Population, subject_of
from insulinoma.cohort.run_in import Start, held
from insulinoma.model.compose import Model
from insulinoma.record.facts import Document, Finding, Measurement
from insulinoma.record.fields import Source
from insulinoma.record.schema import CaseRecord
from insulinoma.simulate.protocols import HYPOGLYCEMIA, SYMPTOMS
from insulinoma.simulate.regimen import Regimen, give

_EVERY = 15.0
_RELIEF_AFTER = 30.0
_SYMPTOM = 0.5
_SAMPLE = "end-of-fast"
_DRAWN = {"glucose": "mg/dL", "insulin": "pmol/L", "c_peptide": "pmol/L"}
_FOLLOWED = {"proinsulin": "pmol/L", "beta_hydroxybutyrate": "mmol/L"}
_SOURCE = (Source("simulation"),)


@dataclass(frozen=True)
class Fast:
    """What was drawn at the end of each fast, symptoms then, and symptoms half an hour after 25 g of dextrose."""

    minutes: Floats
    stopped: npt.NDArray[np.bool_]
    drawn: dict[str, Floats]
    symptoms: dict[str, npt.NDArray[np.bool_]]
    relieved: npt.NDArray[np.bool_]


def included(population: Population, patients: Patients, start: Start, engine: Engine) -> npt.NDArray[np.bool_]:
    """Which candidates meet the inclusion criteria of the population; all do where it has none."""
    rules = population.inclusion
    fine = np.isfinite(start.before["glucose_mean"][:, -1])
    if rules is None:
        return fine
    model = subject_of(population).model
    for condition in rules.before:
        fine = fine & condition.met(model, start.before, start.before)[:, -1]
    if rules.criteria and fine.any():
        rows = np.flatnonzero(fine)
        found = supervised_fast(population, patients.taken(rows), start.taken(rows), engine, days=rules.fast)
        fine[rows] = [judged(record_of(found, index), rules) for index in range(len(rows))]
    return fine


def judged(record: CaseRecord, rules: Inclusion) -> bool:
    """Whether a record meets the criteria; a part that is inferred counts as met."""
    view = view_of(record)
    triad = whipple_triad(view)
    verdicts = {
        "whipple": triad.overall.verdict,
        "endogenous_hyperinsulinism": endocrine_society(view, triad).hyperinsulinism,
    }
    return all(verdicts[name] in (Verdict.MET, Verdict.INFERRED) for name in rules.criteria)


def supervised_fast(population: Population, patients: Patients, start: Start, engine: Engine, *, days: float) -> Fast:
    """A fast that begins with the last meal of the run-in, ended by the rules of the 72-hour fast [Cryer2009]."""
    who = subject_of(population)
    whole = int(np.ceil(days))
    names = _names(who.model)
    common = {"days": whole, "parameters": held(who, patients.parameters), "start": start.states}
    nothing = [Regimen()] * len(patients)
    times = np.arange(0.0, 1440.0 * whole + 1, _EVERY)
    times[-1] -= 1.0
    course = engine(who.model, nothing, follow=tuple(names.values()), moments=times, **common).moments
    glucose, brain = (np.asarray(course[name].values) for name in ("glucose", names["neuroglycopenic"]))
    low = glucose <= HYPOGLYCEMIA.limits[0].value
    low |= (glucose < SYMPTOMS.limits[0].value) & (brain >= SYMPTOMS.limits[1].value)
    stopped = low.any(axis=1)
    index = np.where(stopped, low.argmax(axis=1), len(times) - 1)
    rows = np.arange(len(index))
    minutes = times[index]
    given = [give("dextrose_bolus", "25 g", at=f"{moment} min") if ends else Regimen() for moment, ends in
             zip(minutes, stopped, strict=True)]  # fmt: skip
    later = np.minimum(minutes + _RELIEF_AFTER, times[-1])[:, None]
    after = engine(who.model, given, follow=tuple(names.values()), moments=later, **common).moments
    columns = {**dict.fromkeys(_DRAWN), **{name: names[name] for name in _FOLLOWED}}
    drawn = {name: np.asarray(course[column or name].values)[rows, index] for name, column in columns.items()}
    felt = {name: np.asarray(course[names[name]].values)[rows, index] >= _SYMPTOM for name in _FELT}
    free = [np.asarray(after[names[name]].values)[:, 0] < _SYMPTOM for name in _FELT]
    return Fast(minutes, stopped, drawn, felt, np.logical_and.reduce(free))


_FELT = ("neuroglycopenic", "autonomic")


def _names(model: Model) -> dict[str, str]:
    """The names in the model of what is drawn and felt."""
    declared = {**model.states, **model.outputs}
    analytes = {item.analyte: name for name, item in declared.items() if item.analyte in _FOLLOWED}
    return {**analytes, "neuroglycopenic": "symptoms.neuroglycopenia", "autonomic": "symptoms.autonomic"}


def record_of(fast: Fast, index: int) -> CaseRecord:
    """The end of one simulated fast as a record: one sample, the symptoms of that moment, and their relief."""
    measured = tuple(
        Measurement(
            id=f"{name.replace('_', '-')}-{_SAMPLE}",
            analyte=name,
            value=round(float(fast.drawn[name][index]), 6),
            unit=unit,
            sample=_SAMPLE,
            source=_SOURCE,
        )
        for name, unit in {**_DRAWN, **_FOLLOWED}.items()
    )
    felt = [name for name in _FELT if fast.symptoms[name][index]]
    return CaseRecord(
        format="insulinoma-case/1",
        id="simulated-fast",
        title="Supervised fast of a virtual patient",
        documents={"simulation": Document(kind="simulation")},
        measurements=measured,
        findings=_findings(felt, relieved=bool(fast.relieved[index])),
    )


def _findings(felt: list[str], *, relieved: bool) -> tuple[Finding, ...]:
    if not felt:
        return (Finding(finding="symptoms_of_hypoglycemia", present=False, source=_SOURCE),)
    tied: dict[str, Any] = {"source": _SOURCE, "related_to": f"glucose-{_SAMPLE}"}
    symptoms = tuple(Finding(finding=f"{name}_symptoms", **tied) for name in felt)
    return (*symptoms, Finding(finding="relief_with_glucose", present=relieved, source=_SOURCE))
