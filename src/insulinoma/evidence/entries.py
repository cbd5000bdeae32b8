"""Every row of the evidence base as one kind of entry, for the search and for what is shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from insulinoma.citations import reference
from insulinoma.evidence import records as r
from insulinoma.evidence.tables import evidence

_PLAIN_GROUPS = ("supportive", "drug", "surgical")
_TREATMENT_TOPICS = ("embolization", "diazoxide", "octreotide", "chemotherapy", "interferon", "ablation")


@dataclass(frozen=True)
class Entry:
    """A statement with its source; `detail` and `topics` help to find it.

    `about` holds the names of the treatment that it is on, if it is on one.
    """

    id: str
    kind: str
    text: str
    detail: str
    topics: str
    source: str
    place: str
    certainty: str
    document: str = ""
    lines: str = ""
    status: str = "stands"
    corrections: tuple[str, ...] = ()
    n: int | None = None
    population: str = ""
    definition: str = ""
    as_of: int | None = None
    about: str = ""

    @property
    def citation(self) -> str:
        """Where it comes from, in words: document and lines, or the reference; nothing for a conflict."""
        if not self.source:
            return ""
        if self.document:
            return f"{self.document} line{'s' if '-' in self.lines else ''} {self.lines}"
        return reference(self.source).text


@cache
def entries() -> dict[str, Entry]:
    """All entries of the shipped base by id.

    >>> entries()["S1-056"].citation
    'S1 lines 19-20'
    """
    return {entry.id: entry for entry in all_entries(evidence())}


def all_entries(base: r.Evidence) -> Iterator[Entry]:
    """The entries of a base, every row of every table that can be shown."""
    labels = {item.id: _names(item) for item in base.treatments}
    yield from (_claim(claim, base) for claim in base.claims)
    yield from (_outcome(outcome, labels.get(outcome.treatment, "")) for outcome in base.outcomes)
    for definition in base.definitions:
        topics = (*definition.topics, definition.term)
        yield _plain(definition, "definition", definition.place, topics=topics)
    for mechanism in base.mechanisms:
        topics = (*mechanism.topics, mechanism.subject)
        yield _plain(mechanism, "mechanism", mechanism.place, topics=topics)
    for correction in base.corrections:
        printed = (correction.as_printed, correction.corrected)
        yield _plain(correction, "correction", correction.place, topics=printed)
    for caution in base.cautions:
        detail = " ".join(labels.get(item, "") for item in caution.treatments)
        yield _plain(caution, "caution", caution.place, detail=detail, topics=("caution",), about=detail)
    for guideline in base.guidelines:
        yield _plain(guideline, "guideline", "-", topics=("guideline", "treatment"), as_of=guideline.year)
    for treatment in base.treatments:
        yield _treatment(treatment, labels[treatment.id])
    yield from (_conflict(conflict) for conflict in base.conflicts)


def _names(treatment: r.Treatment) -> str:
    group = "" if treatment.group in _PLAIN_GROUPS else treatment.group
    return " ".join((treatment.label, *treatment.also_called, group))


def _claim(claim: r.Claim, base: r.Evidence) -> Entry:
    return Entry(
        id=claim.id,
        kind="claim",
        text=claim.text,
        detail="",
        topics=" ".join(claim.topics),
        source=base.reference_of(claim.document),
        place=f"lines {claim.lines}",
        certainty="read",
        document=claim.document,
        lines=claim.lines,
        status=claim.status,
        corrections=claim.corrections,
        about=" ".join(topic for topic in claim.topics if topic in _TREATMENT_TOPICS),
    )


def _outcome(outcome: r.Outcome, label: str) -> Entry:
    return Entry(
        id=outcome.id,
        kind="outcome",
        text=outcome.text,
        detail=f"{outcome.population} {outcome.definition}",
        topics=" ".join((*outcome.topics, label, outcome.measure)),
        about=label,
        source=outcome.source,
        place=outcome.place,
        certainty=outcome.certainty,
        n=outcome.n,
        population=outcome.population,
        definition=outcome.definition,
        as_of=outcome.as_of,
    )


def _plain(
    item: r.Definition | r.Mechanism | r.Correction | r.Caution | r.Guideline,
    kind: str,
    place: str,
    *,
    topics: tuple[str, ...],
    detail: str = "",
    as_of: int | None = None,
    about: str = "",
) -> Entry:
    return Entry(
        id=item.id,
        kind=kind,
        text=item.text,
        detail=detail,
        topics=" ".join(topics),
        source=item.source,
        place=place,
        certainty=item.certainty,
        as_of=as_of,
        about=about,
    )


def _treatment(treatment: r.Treatment, label: str) -> Entry:
    return Entry(
        id=treatment.id,
        kind="treatment",
        text=f"{treatment.label}: {treatment.text}",
        detail="",
        topics=f"{label} treatment",
        source=treatment.source,
        place="-",
        certainty=treatment.certainty,
    )


def _conflict(conflict: r.Conflict) -> Entry:
    return Entry(
        id=conflict.id,
        kind="conflict",
        text=f"{conflict.question} {conflict.explanation}",
        detail=" ".join(f"{side.position} {side.definition}" for side in conflict.sides),
        topics="conflict",
        source="",
        place="",
        certainty="",
    )
