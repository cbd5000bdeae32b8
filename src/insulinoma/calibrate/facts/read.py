"""The facts of a record as observations of the model, and those that it cannot use, each with the reason."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from insulinoma.calibrate.facts.clock import Clock
from insulinoma.calibrate.facts.likelihood import Inside, Measured
from insulinoma.calibrate.facts.observation import Observation
from insulinoma.calibrate.facts.quantity import AtTime, OfDays, Quantity, Ratio, ShareOf
from insulinoma.calibrate.facts.therapy import Therapy
from insulinoma.data import read_table
from insulinoma.model.compose import Model
from insulinoma.model.subsystem import Output, State
from insulinoma.quantities import analyte, convert
from insulinoma.record.facts import Finding, Measurement, Timed

_HORMONES = {"glucose": "mg/dL", "insulin": "pmol/L", "c_peptide": "pmol/L"}
_DIAMETERS = {"longest_diameter": "primary.CT_diameter", "viable_diameter": "primary.viable_diameter"}
_COVARIATES = ("body_weight", "body_height", "body_mass_index")
_LIVER = "burden.CT_liver"
_UNCONSCIOUS = ("loss_of_consciousness", "hypoglycemic_coma", "hypoglycemic_seizure")
Read = tuple[Quantity, Measured | Inside, str, str]


class NotUsedError(Exception):
    """A fact that the model cannot use; its text is the reason."""


@dataclass(frozen=True)
class Facts:
    """The observations of a record, and by the id of every other fact why it is not used."""

    observations: tuple[Observation, ...]
    unused: dict[str, str]


@dataclass(frozen=True)
class Meaning:
    """What a word means: bounds, error (log), reliability, and the sentence that says so."""

    low: float
    high: float
    sd: float
    reliability: float
    because: str

    def likelihood(self, scale: float = 1.0) -> Inside:
        """The term of a statement whose bounds are in units of `scale`."""
        return Inside(self.low * scale, self.high * scale, self.sd, self.reliability)


@cache
def meanings() -> dict[str, Meaning]:
    """What each word means, from the table of statements."""
    found = {}
    for row in read_table("calibrate", "statements.csv"):
        high = float(row["high"]) if row["high"] else math.inf
        found[row["statement"]] = Meaning(
            float(row["low"]), high, float(row["sd"]), float(row["reliability"]), row["because"]
        )
    return found


@cache
def errors() -> dict[str, float]:
    """The error (standard deviation of the logarithm) of a value of each analyte."""
    return {
        row["analyte"]: math.sqrt(math.log1p(float(row["cv"]) ** 2)) for row in read_table("calibrate", "errors.csv")
    }


def facts_of(clock: Clock, model: Model, given: Therapy) -> Facts:
    """Every fact of the record as an observation, or with the reason why it is none."""
    reader = _Reader(clock, model, given)
    observations, unused = [], dict(given.left_out)
    for place, fact in clock.record.facts():
        if not isinstance(fact, Measurement | Finding):
            continue
        name = fact.id or place
        try:
            observations.append(reader.observe(name, fact))
        except NotUsedError as reason:
            unused[name] = str(reason)
    observations += reader.responses()
    return Facts(tuple(sorted(observations, key=lambda item: item.sample)), unused)


@dataclass(frozen=True)
class _Reader:
    clock: Clock
    model: Model
    given: Therapy

    def observe(self, name: str, fact: Measurement | Finding) -> Observation:
        quantity, likelihood, unit, because = (
            self._measurement(fact) if isinstance(fact, Measurement) else self._finding(fact)
        )
        sample = getattr(fact, "sample", None) or name
        if not isinstance(likelihood, Measured) or not isinstance(quantity, AtTime):
            sample = name
        return Observation(name, said(fact), quantity, likelihood, unit, f"{sample} at {fact.when.text}", because)

    def _measurement(self, fact: Measurement) -> Read:
        if fact.analyte in _COVARIATES:
            raise NotUsedError("a covariate: it sets the person, not the disease")
        name, unit = self._named(fact)
        if fact.direction is not None:
            return self._direction(fact, name)
        if fact.statement is not None:
            return self._statement(fact, name)
        readings = self.clock.readings(fact.when)
        error = errors().get(fact.analyte)
        if error is None:
            raise NotUsedError(f"no error is declared for {fact.analyte}")
        scale = convert(fact.analyte, 1.0, str(fact.unit), unit, factor=fact.factor).value
        quantity = self._at(fact, name, readings)
        if fact.value is not None:
            return quantity, Measured(fact.value * scale, error), unit, _where(quantity)
        low, high = fact.between or (fact.above or 0.0, fact.below or math.inf)
        return quantity, Inside(low * scale, high * scale, error), unit, _where(quantity)

    def _at(self, fact: Measurement, name: str, readings: tuple[float, ...]) -> Quantity:
        """At the stated time; the worst moment of the day where the patient was found unconscious."""
        if name == "glucose" and self._found_unconscious(fact):
            day = math.floor(readings[0])
            with_first, with_last = self.clock.moved_with(fact)
            return OfDays("glucose_min", day - 1, day, with_first=with_first, with_last=with_last)
        return AtTime(name, readings)

    def _found_unconscious(self, fact: Measurement) -> bool:
        events = set(fact.when.events())
        places = [event for event in self.clock.record.events if event.id in events and event.event == "admission"]
        return bool(places) and bool(fact.condition)

    def _named(self, fact: Measurement) -> tuple[str, str]:
        """The name under which the model predicts an analyte, and its unit there."""
        if fact.analyte in _HORMONES:
            return fact.analyte, _HORMONES[fact.analyte]
        if fact.analyte in _DIAMETERS:
            lesion = next((item for item in self.clock.record.lesions if item.id == fact.lesion), None)
            if lesion is None or lesion.role != "primary":
                raise NotUsedError("the model has the volume of all metastases and no single one")
            return _DIAMETERS[fact.analyte], "cm"
        declared: dict[str, State | Output] = {**self.model.states, **self.model.outputs}
        for name, item in declared.items():
            if item.analyte == fact.analyte:
                return name, item.unit
        raise NotUsedError(f"the model has no {analyte(fact.analyte).label}")

    def _direction(self, fact: Measurement, name: str) -> Read:
        before = self._before(fact)
        meaning = meanings()[str(fact.direction)]
        return Ratio(name, before, self.clock.readings(fact.when)), meaning.likelihood(), "1", meaning.because

    def _before(self, fact: Timed) -> tuple[float, ...]:
        """The times with which a direction compares: of the last value before it, else the days before."""
        first, _ = self.clock.window(fact)
        earlier = [
            item
            for item in self.clock.record.measurements
            if isinstance(fact, Measurement)
            and item.analyte == fact.analyte
            and item.value is not None
            and self.clock.window(item)[1] <= first + 1
        ]
        if earlier and not self._found_unconscious(earlier[-1]):
            return self.clock.readings(earlier[-1].when)
        return (max(first - 1, 0.0),)

    def _statement(self, fact: Measurement, name: str) -> Read:
        first, end = self._until_contradicted(fact)
        if name == "glucose" and fact.statement == "normal":
            meaning = meanings()["glucose normal"]
            return OfDays("glucose_mean", first, end), meaning.likelihood(), "mg/dL", meaning.because
        limits = analyte(fact.analyte).limits
        side = {"elevated": "above limit", "low": "below limit"}.get(str(fact.statement))
        limit = None if limits is None or side is None else limits.upper if side == "above limit" else limits.lower
        if side is None or limits is None or limit is None:
            raise NotUsedError(f"no limit is known that says what {fact.statement!r} means for {fact.analyte}")
        unit = self._named(fact)[1]
        scale = convert(fact.analyte, limit, limits.unit, unit).value
        return (
            AtTime(name, self.clock.readings(fact.when)),
            meanings()[side].likelihood(scale),
            unit,
            meanings()[side].because,
        )

    def _until_contradicted(self, fact: Timed) -> tuple[float, float]:
        """A window that has no end closes where hypoglycemia is stated to have come back."""
        first, end = self.clock.window(fact)
        if math.isfinite(self.clock.record.span(fact.when).latest):
            return first, end
        later = [
            self.clock.window(item)[0]
            for item in self.clock.record.findings
            if item.finding == "hypoglycemia" and item.present and self.clock.window(item)[0] > first
        ]
        return first, min([end, *later])

    def _finding(self, fact: Finding) -> Read:
        first, end = self.clock.window(fact)
        if fact.finding == "hypoglycemia":
            meaning = meanings()[f"hypoglycemia {'present' if fact.present else 'absent'}"]
            rank = 2 if fact.present and fact.count not in (None, "solitary", 1) and end - first > 1 else 1
            with_first, with_last = self.clock.moved_with(fact)
            quantity = OfDays("glucose_min", first, end, rank, with_first=with_first, with_last=with_last)
            return quantity, meaning.likelihood(), "mg/dL", meaning.because
        if not self._of_metastases(fact) or not fact.present:
            raise NotUsedError(_why_not(fact))
        readings = self.clock.readings(fact.when)
        if fact.finding == "necrosis_on_imaging":
            meaning = meanings()["necrosis"]
            viable = ("right_lobe.V", "left_lobe.V")
            return ShareOf(viable, _LIVER, readings), meaning.likelihood(), "1", meaning.because
        meaning = meanings()[fact.finding.replace("_", " ")]
        before = (self._first_procedure() if fact.finding == "tumor_decrease" else first,)
        return Ratio(_LIVER, before, readings), meaning.likelihood(), "1", meaning.because

    def _of_metastases(self, fact: Finding) -> bool:
        lesion = next((item for item in self.clock.record.lesions if item.id == fact.lesion), None)
        named = fact.finding in ("tumor_decrease", "tumor_increase", "necrosis_on_imaging")
        return named and lesion is not None and lesion.role == "metastasis" and _LIVER in self.model.outputs

    def _first_procedure(self) -> float:
        """The day before the first procedure on the tumor."""
        return min(self.given.procedures, default=1.0) - 1

    def responses(self) -> Iterator[Observation]:
        """That hypoglycemia went on under a drug against it which is stated not to be effective."""
        meaning = meanings()["hypoglycemia present"]
        for treatment in self.clock.record.treatments:
            ran = self.given.windows.get(str(treatment.id))
            if treatment.response != "not effective" or ran is None or treatment.courses:
                continue
            until = min((day for day in self.given.procedures if day > ran.first), default=math.inf)
            last, with_last = (ran.last, ran.with_last) if ran.last < until else (until, "")
            first = ran.first + 1 if last - ran.first > 2 else ran.first
            quantity = OfDays("glucose_min", first, last, with_first=ran.with_first, with_last=with_last)
            because = f"under it {meaning.because}"
            name = str(treatment.id)
            says = f"{treatment.treatment.replace('_', ' ')} not effective"
            yield Observation(name, says, quantity, meaning.likelihood(), "mg/dL", name, because)


def said(fact: Measurement | Finding) -> str:
    """A fact in a few words."""
    if isinstance(fact, Finding):
        return ("" if fact.present else "no ") + fact.finding.replace("_", " ")
    label = fact.kind.label
    if fact.direction or fact.statement:
        return f"{label} {fact.direction or fact.statement}"
    sign = "below " if fact.below is not None else "above " if fact.above is not None else ""
    return f"{label} {sign}{' to '.join(f'{number:g}' for number in fact.numbers)} {fact.unit}"


def _where(quantity: Quantity) -> str:
    if isinstance(quantity, OfDays):
        return "the lowest glucose of the last day at home: the patient was found unconscious"
    count = len(getattr(quantity, "readings", ()))
    return "at the stated time" if count == 1 else f"at one of {count} moments of the window, which one is not known"


def _why_not(fact: Finding) -> str:
    if fact.finding in _UNCONSCIOUS or "symptom" in fact.finding or fact.finding in ("cold_sweat", "tremor"):
        return "a symptom of a moment whose glucose is not known"
    return "the model has no quantity for it"
