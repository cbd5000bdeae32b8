"""A supervised fast of each candidate, told as a record and judged by the criteria that judge real ones."""

from __future__ import annotations

from collections.abc import Sequence
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
from insulinoma.model.subsystem import Output, State
from insulinoma.record.facts import Document, Finding, Measurement
from insulinoma.record.fields import Source
from insulinoma.record.schema import CaseRecord
from insulinoma.simulate.regimen import Order, Regimen
from insulinoma.simulate.stopping import Limit, StopRule

WITH_SYMPTOMS = StopRule(
    "hypoglycemia",
    "plasma glucose at or below 45 mg/dL with symptoms [Hirshberg2000]",
    (Limit("glucose.G", 45.0), Limit("symptoms.neuroglycopenia", 0.5, side="above")),
)
_EVERY = 15.0
_RELIEF_AFTER = 30.0
_SYMPTOM = 0.5
_SAMPLE = "end-of-fast"
_DRAWN = {"glucose": "mg/dL", "insulin": "pmol/L", "c_peptide": "pmol/L"}
_FOLLOWED = {"proinsulin": "pmol/L", "beta_hydroxybutyrate": "mmol/L"}
_FELT = ("neuroglycopenic", "autonomic")
_SAME = {name: name for name in _DRAWN}
_LIMITED = {"glucose.G": "glucose", "symptoms.neuroglycopenia": "neuroglycopenic"}
_SOURCE = (Source("simulation"),)


@dataclass(frozen=True)
class Fast:
    """What was drawn at the end of each fast, symptoms then, and symptoms half an hour after 25 g of dextrose."""

    minutes: Floats
    stopped: npt.NDArray[np.bool_]
    drawn: dict[str, Floats]
    symptoms: dict[str, npt.NDArray[np.bool_]]
    relieved: npt.NDArray[np.bool_]

    def taken(self, rows: Any) -> Fast:
        """Some of the fasts, by index or by mask."""
        return Fast(
            self.minutes[rows],
            self.stopped[rows],
            {name: values[rows] for name, values in self.drawn.items()},
            {name: values[rows] for name, values in self.symptoms.items()},
            self.relieved[rows],
        )


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


def supervised_fast(
    population: Population,
    patients: Patients,
    start: Start,
    engine: Engine,
    *,
    days: float,
    rules: Sequence[StopRule] = (WITH_SYMPTOMS,),
) -> Fast:
    """A fast that begins two hours after the last meal of the run-in, ended by low glucose with symptoms."""
    test = _Test(population, patients, start, engine, int(np.ceil(days)))
    times = np.arange(0.0, 1440.0 * test.days, _EVERY)
    course = test.run(np.zeros(len(patients)), np.zeros(len(patients)), times)
    ended = np.any([_reached(course, rule) for rule in rules], axis=0)
    stopped = ended.any(axis=1)
    index = np.where(stopped, ended.argmax(axis=1), len(times) - 1)
    rows, minutes = np.arange(len(index)), times[index]
    after = test.run(
        np.where(stopped, 25.0, 0.0), minutes, np.minimum(minutes + _RELIEF_AFTER, 1440.0 * test.days)[:, None]
    )
    drawn = {name: course[name][rows, index] for name in (*_DRAWN, *_FOLLOWED)}
    symptoms = {name: course[name][rows, index] >= _SYMPTOM for name in _FELT}
    relieved = np.all([after[name][:, 0] < _SYMPTOM for name in _FELT], axis=0)
    return Fast(minutes, np.asarray(stopped), drawn, symptoms, np.asarray(relieved))


def _reached(course: dict[str, Floats], rule: StopRule) -> npt.NDArray[np.bool_]:
    """Patients by moments: whether all limits of a rule are reached."""
    sides = [
        course[_LIMITED[limit.quantity]] >= limit.value
        if limit.side == "above"
        else course[_LIMITED[limit.quantity]] <= limit.value
        for limit in rule.limits
    ]
    return np.asarray(np.all(sides, axis=0))


@dataclass(frozen=True)
class _Test:
    """A fast of some patients after their run-in, with dextrose into a vein at one moment."""

    population: Population
    patients: Patients
    start: Start
    engine: Engine
    days: int

    def run(self, grams: Floats, minutes: Floats, moments: Floats) -> dict[str, Floats]:
        """What is drawn and felt, by patient and moment."""
        who = subject_of(self.population)
        names = _names(who.model)
        pairs = zip(grams, minutes, strict=True)
        found = self.engine(
            who.model,
            [Regimen((Order("dextrose_bolus", float(gram), "g", float(minute)),)) for gram, minute in pairs],
            days=self.days,
            parameters=held(who, self.patients.parameters),
            start=self.start.states,
            follow=tuple(names.values()),
            moments=moments,
        ).moments
        return {name: np.asarray(found[column].values) for name, column in {**_SAME, **names}.items()}


def _names(model: Model) -> dict[str, str]:
    """The names in the model of what is followed and felt."""
    declared: dict[str, State | Output] = {**model.states, **model.outputs}
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
