"""What the evidence base holds, one frozen class a table."""

from __future__ import annotations

from dataclasses import dataclass

CERTAINTIES = ("read", "general high", "general medium", "general low", "computed")
"""How sure a row is: read in the place named; general knowledge; computed from cited numbers."""

STATUSES = ("stands", "disputed", "dated", "imprecise", "error")
"""How a claim of a source document is seen: as it stands, or with a conflict or correction."""

GROUPS = ("supportive", "surgical", "drug", "radionuclide", "liver-directed", "chemotherapy")
"""The neutral order in which treatments are shown; inside a group the order is alphabetical."""

UNITS = (
    *("percent", "patients", "courses", "sessions", "ratio", "hours", "days", "weeks", "months", "years"),
    *("cm", "mm", "g", "mg", "g/day", "mg/kg/day", "mg/dL", "mmol/L", "uU/mL", "ng/mL", "pg/mL", "pmol/L"),
    "per million per year",
)
"""The units of outcomes and claims."""

DISEASE = "disease"
"""The subject of outcomes that belong to no treatment (prognosis, share, size, laboratory)."""


@dataclass(frozen=True)
class Document:
    """A source document; `reference` is its key in `references.bib`, `sha256` that of its file."""

    id: str
    name: str
    reference: str
    file: str
    sha256: str


@dataclass(frozen=True)
class Claim:
    """A statement of a source document in our own words, with its lines (1-based)."""

    id: str
    document: str
    lines: str
    answer: int | None
    kind: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    status: str
    corrections: tuple[str, ...]
    topics: tuple[str, ...]
    text: str


@dataclass(frozen=True, kw_only=True)
class Sourced:
    """A row in our own words with the reference that it rests on, the place in it, and how sure it is."""

    id: str
    source: str
    place: str = ""
    certainty: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Outcome(Sourced):
    """A reported result: measure, number with unit, spread, patients, definition, year, source, certainty.

    `treatment` is an id of `treatments.csv` or `disease`; `low` and `high` are as `interval` says.
    `events` of `n` patients had it. A row without a number is a report in words.
    """

    treatment: str
    measure: str
    value: float | None
    low: float | None
    high: float | None
    interval: str
    sd: float | None
    unit: str
    events: int | None
    n: int | None
    comparator: str
    comparator_value: float | None
    population: str
    definition: str
    as_of: int | None
    topics: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Correction(Sourced):
    """What a source document has wrong, imprecise or out of date, with the source of the correction."""

    claims: tuple[str, ...]
    as_printed: str
    corrected: str


@dataclass(frozen=True, kw_only=True)
class Definition(Sourced):
    """A term and what is meant by it."""

    term: str
    topics: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Mechanism(Sourced):
    """How or why something happens."""

    subject: str
    topics: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Treatment(Sourced):
    """A treatment, its group and the other names under which a record may hold it."""

    label: str
    group: str
    also_called: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Guideline(Sourced):
    """The position of a guideline body on some treatments, in our own words."""

    body: str
    year: int | None
    treatments: tuple[str, ...]


@dataclass(frozen=True)
class FactTag:
    """A fact that a record can hold and that a caution can ask for."""

    tag: str
    meaning: str


@dataclass(frozen=True, kw_only=True)
class Caution(Sourced):
    """A caution of some treatments: raised when all tags of `when` and none of `unless` are there.

    With both empty it is a general caution. `allergy:SELF` stands for an allergy to the treatment itself.
    """

    treatments: tuple[str, ...]
    when: tuple[str, ...]
    unless: tuple[str, ...]

    @property
    def general(self) -> bool:
        """Whether it holds for everyone who has the treatment."""
        return not self.when and not self.unless


@dataclass(frozen=True)
class Side:
    """One side of a conflict, with the ids of the claims and outcomes that it rests on."""

    conflict: str
    side: int
    position: str
    evidence: tuple[str, ...]
    definition: str
    n: int | None
    as_of: int | None


@dataclass(frozen=True)
class Conflict:
    """A question on which the sources disagree, why they do, and what decides (empty: nothing does)."""

    id: str
    question: str
    explanation: str
    decides: str
    sides: tuple[Side, ...]


@dataclass(frozen=True)
class Cited:
    """What a numbered reference of the case report probably is (its reference list is cut off)."""

    number: int
    probable: str
    reference: str
    certainty: str
    basis: str


@dataclass(frozen=True)
class Evidence:
    """The whole evidence base."""

    documents: tuple[Document, ...]
    claims: tuple[Claim, ...]
    outcomes: tuple[Outcome, ...]
    corrections: tuple[Correction, ...]
    definitions: tuple[Definition, ...]
    mechanisms: tuple[Mechanism, ...]
    treatments: tuple[Treatment, ...]
    guidelines: tuple[Guideline, ...]
    fact_tags: tuple[FactTag, ...]
    cautions: tuple[Caution, ...]
    conflicts: tuple[Conflict, ...]
    cited: tuple[Cited, ...]

    def reference_of(self, document: str) -> str:
        """The reference key of a source document."""
        return next(item.reference for item in self.documents if item.id == document)
