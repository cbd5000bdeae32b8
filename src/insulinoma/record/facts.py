"""The facts that a record holds, each with its time and its source.

Nothing here guesses: what the source does not say is None. Names of analytes, treatments, findings,
sites and events are those of the vocabulary.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from insulinoma.quantities import Analyte, Converted, analyte, convert
from insulinoma.record.fields import (
    AnalyteName,
    DiagnosisName,
    Dose,
    Duration,
    EventName,
    FindingName,
    SiteName,
    Sources,
    TreatmentName,
    WhenField,
)
from insulinoma.record.timeline import When, parse_when

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Count = Annotated[int, Field(strict=True)]
Flag = Annotated[bool, Field(strict=True)]
Direction = Literal["decreased", "increased", "unchanged"]
Statement = Literal["normal", "low", "elevated", "positive", "negative"]
Response = Literal["effective", "partial", "not effective", "not evaluable"]
StopReason = Literal["allergy", "not effective", "toxicity", "progression", "completed", "patient's wish", "death"]
Basis = Literal["stated", "implied", "inferred by the authors"]
UNKNOWN_TIME = parse_when("unknown")


class Strict(BaseModel):
    """Frozen, and no field that is not named here."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Document(Strict):
    """A source document: what it is, the file it is kept in, and the hash of that file."""

    kind: Text
    citation: Text | None = None
    file: Text | None = None
    sha256: Sha256 | None = None
    note: Text | None = None


class Clock(Strict):
    """What day 0 of the record is; `day_zero_date` ties days to the calendar when the source gives dates."""

    day_zero: Text | None = None
    day_zero_date: datetime.date | None = None


class Fact(Strict):
    """What every fact has: its sources, and how the source says it.

    `implied` facts follow from what the source says without being said; `inventory` lists the keys of
    a source inventory that the fact covers.
    """

    id: Name | None = None
    source: Sources
    basis: Basis = "stated"
    inventory: tuple[Text, ...] = ()
    note: Text | None = None


class Timed(Fact):
    """A fact with a time, as the source states it."""

    when: WhenField = UNKNOWN_TIME

    def times(self) -> Iterator[tuple[str, When]]:
        """Every stated time of the fact with the name of its field."""
        yield "when", self.when


class Age(Fact):
    """Age at presentation in years."""

    years: Annotated[Number, Field(ge=0, le=120)]


class Sex(Fact):
    """Sex as the source states it."""

    value: Literal["female", "male"]


class Patient(Strict):
    """Who the patient is; absent where the source is silent."""

    age: Age | None = None
    sex: Sex | None = None


class Reference(Strict):
    """Limits printed by the source's laboratory, in the unit of the measurement."""

    lower: Number | None = None
    upper: Number | None = None


class Measurement(Timed):
    """A measured quantity: a value, a bound, an interval, a direction or a statement.

    Exactly one of `value`, `below`, `above`, `between`, `direction` and `statement` is set; numbers
    come with a `unit`. `sample` groups what was drawn together. `factor` is the conversion that the
    source's laboratory used when it differs from the table.
    """

    analyte: AnalyteName
    value: Number | None = None
    below: Number | None = None
    above: Number | None = None
    between: tuple[Number, Number] | None = None
    direction: Direction | None = None
    statement: Statement | None = None
    unit: Text | None = None
    factor: Annotated[Number, Field(gt=0)] | None = None
    flag: Literal["low", "normal", "elevated"] | None = None
    reference: Reference | None = None
    sample: Name | None = None
    lesion: Name | None = None
    condition: Text | None = None

    @property
    def kind(self) -> Analyte:
        """The analyte of the vocabulary."""
        return analyte(self.analyte)

    @property
    def numbers(self) -> tuple[float, ...]:
        """The numbers as printed, none for a direction or a statement."""
        single = [number for number in (self.value, self.below, self.above) if number is not None]
        return (*single, *(self.between or ()))

    def converted(self, unit: str | None = None) -> Converted:
        """The value in another unit (the canonical one unless told), with the factor used."""
        if self.value is None or self.unit is None:
            raise ValueError(f"{self.id} has no single value")
        return convert(self.analyte, self.value, self.unit, unit, factor=self.factor)


class Finding(Timed):
    """A symptom, sign, history, imaging, morphology, stain or outcome: present or stated to be absent."""

    finding: FindingName
    present: Flag = True
    site: SiteName | None = None
    lesion: Name | None = None
    count: Literal["solitary", "multiple"] | Annotated[Count, Field(ge=0)] | None = None
    duration: Duration | None = None
    circumstances: Text | None = None
    related_to: Name | None = None


class Diagnosis(Timed):
    """A diagnosis as the source makes it, with the classification and edition that it names."""

    diagnosis: DiagnosisName
    grade: Annotated[Count, Field(ge=1, le=4)] | None = None
    classification: Text | None = None
    edition: Text | None = None
    specimen: SiteName | None = None


class Treatment(Timed):
    """A drug, regimen, nutrition or procedure; `when` is its time, or the window in which it ran."""

    treatment: TreatmentName
    route: Literal["oral", "intravenous", "subcutaneous", "intramuscular", "intra-arterial"] | None = None
    dose: Dose | None = None
    doses_per_day: Annotated[Number, Field(gt=0, le=48)] | None = None
    site: SiteName | None = None
    lesion: Name | None = None
    device: Text | None = None
    start: WhenField | None = None
    stop: WhenField | None = None
    courses: Annotated[Count, Field(ge=1)] | None = None
    response: Response | None = None
    stopped_for: StopReason | None = None
    comment: Text | None = None

    def times(self) -> Iterator[tuple[str, When]]:
        """Every stated time of the treatment with the name of its field."""
        yield from super().times()
        yield from ((name, when) for name in ("start", "stop") if (when := getattr(self, name)) is not None)


class Event(Timed):
    """Something that happened: an admission, an examination, death and its cause."""

    event: EventName
    cause: Text | None = None
    place: Text | None = None


class Lesion(Fact):
    """A lesion that can be followed; sizes are measurements that name it."""

    role: Literal["primary", "metastasis", "node"]
    site: SiteName
    target: Flag | None = None
    count: Literal["solitary", "multiple"] | Annotated[Count, Field(ge=1)] | None = None


class Claim(Timed):
    """What the authors conclude about the patient, in our words, with its number if it has one."""

    claim: Text
    about: Text
    value: Number | None = None
    unit: Text | None = None


class Reading(Strict):
    """One side of a conflict: the facts that say it, and what they say."""

    facts: Annotated[tuple[Name, ...], Field(min_length=1)]
    says: Text


class Conflict(Strict):
    """Two or more readings that do not agree; both stay, and `rule` says what decided, if anything."""

    id: Name
    about: Text
    readings: Annotated[tuple[Reading, ...], Field(min_length=2)]
    rule: Text | None = None
    decision: Text | None = None
    inventory: tuple[Text, ...] = ()


class Manuscript(Fact):
    """A part of the case report itself, for the completeness check."""

    item: Literal["title", "keywords", "abstract", "introduction", "discussion", "patient perspective", "consent"]
    status: Literal["present", "absent", "not seen"]
