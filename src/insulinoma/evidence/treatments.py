"""Treatments for a set of facts: what was tried, what is reported, which cautions the facts raise.

Side by side, in one fixed order for everybody (group, then alphabet): no ranking, no recommendation.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from insulinoma.errors import UsageError, did_you_mean
from insulinoma.evidence.checks import PREFIXES
from insulinoma.evidence.conflicts import conflicts_of, members
from insulinoma.evidence.entries import entries
from insulinoma.evidence.records import Caution, Conflict, Guideline, Outcome, Treatment
from insulinoma.evidence.tables import evidence

NOTICE = "Side by side in a fixed order (group, then alphabet): no ranking and no recommendation."
"""What every list of treatments says of itself."""


@dataclass(frozen=True)
class RaisedCaution:
    """A caution and the facts of the record that raise it (none: it is general, or a fact is missing)."""

    caution: Caution
    because: tuple[str, ...]


@dataclass(frozen=True)
class TreatmentView:
    """One treatment: whether it was tried and with what response, what is reported for it, cautions."""

    treatment: Treatment
    tried: bool
    response: str | None
    outcomes: tuple[Outcome, ...]
    cautions: tuple[RaisedCaution, ...]
    guidelines: tuple[Guideline, ...]
    conflicts: tuple[Conflict, ...]


@dataclass(frozen=True)
class TreatmentTable:
    """All treatments side by side, and the names of the record that belong to none of them."""

    rows: tuple[TreatmentView, ...]
    unrecognized: tuple[str, ...]
    facts: tuple[str, ...]

    @property
    def tried(self) -> tuple[TreatmentView, ...]:
        """The treatments that were tried."""
        return tuple(row for row in self.rows if row.tried)

    @property
    def not_tried(self) -> tuple[TreatmentView, ...]:
        """The treatments that were not tried."""
        return tuple(row for row in self.rows if not row.tried)

    def as_dict(self) -> dict[str, Any]:
        """The table for JSON."""
        return {
            "notice": NOTICE,
            "facts": list(self.facts),
            "unrecognized": list(self.unrecognized),
            "treatments": [_view_as_dict(row) for row in self.rows],
        }


def treatments_for(tried: Mapping[str, str | None], facts: Collection[str]) -> TreatmentTable:
    """All treatments for a record, given as plain facts; UsageError if a fact is not of `fact_tags.csv`.

    `tried` maps names of treatments (ids, labels or other names of `treatments.csv`, or combinations joined
    by ` + `) to the response in the words of the record, None when it is not known. `facts` are tags such as
    `portal_infiltration`, `allergy:octreotide` or `adverse_stop:octreotide`. Names of no treatment are
    listed, not dropped.

    >>> table = treatments_for({"TAE": "glucose normal", "aspirin": None}, {"portal_infiltration"})
    >>> [view.treatment.id for view in table.tried], table.unrecognized
    (['tae'], ('aspirin',))
    >>> next(view for view in table.tried).cautions[0].because
    ('portal_infiltration',)
    """
    known = _normalized(facts)
    found: dict[str, str | None] = {}
    unrecognized = []
    for name, response in tried.items():
        identifiers = _ids_of(name)
        if not identifiers:
            unrecognized.append(name)
        for identifier in identifiers:
            found[identifier] = found.get(identifier) or response
    rows = tuple(_view(treatment, found, known) for treatment in evidence().treatments)
    return TreatmentTable(rows, tuple(unrecognized), tuple(sorted(known)))


def all_treatments() -> TreatmentTable:
    """All treatments with what is reported for them, for no record: general cautions only.

    >>> all_treatments().rows[0].treatment.group
    'supportive'
    """
    return TreatmentTable(tuple(_view(item, {}, None) for item in evidence().treatments), (), ())


def _view(treatment: Treatment, tried: Mapping[str, str | None], facts: Collection[str] | None) -> TreatmentView:
    outcomes = tuple(item for item in evidence().outcomes if item.treatment == treatment.id)
    cautions = (_raised(caution, treatment.id, facts) for caution in evidence().cautions)
    about = (conflict for conflict in conflicts_of(item.id for item in outcomes) if _is_about(conflict, treatment))
    return TreatmentView(
        treatment=treatment,
        tried=treatment.id in tried,
        response=tried.get(treatment.id),
        outcomes=outcomes,
        cautions=tuple(sorted((item for item in cautions if item), key=lambda item: item.caution.general)),
        guidelines=tuple(item for item in evidence().guidelines if treatment.id in item.treatments),
        conflicts=tuple(about),
    )


def _is_about(conflict: Conflict, treatment: Treatment) -> bool:
    return any(treatment.label in entries()[identifier].about for identifier in members(conflict))


def _raised(caution: Caution, treatment: str, facts: Collection[str] | None) -> RaisedCaution | None:
    """The caution if it holds for a treatment and the facts; without a record only general ones do."""
    if treatment not in caution.treatments and "*" not in caution.treatments:
        return None
    if caution.general:
        return RaisedCaution(caution, ())
    if facts is None:
        return None
    when = [tag.replace("SELF", treatment) for tag in caution.when]
    unless = [tag.replace("SELF", treatment) for tag in caution.unless]
    if all(tag in facts for tag in when) and not any(tag in facts for tag in unless):
        return RaisedCaution(caution, tuple(when))
    return None


def _normalized(facts: Iterable[str]) -> set[str]:
    tags = {item.tag for item in evidence().fact_tags}
    known = set()
    for fact in facts:
        prefix = next((prefix for prefix in PREFIXES if fact.startswith(prefix)), "")
        if prefix:
            names = _ids_of(fact.removeprefix(prefix)) or [fact.removeprefix(prefix)]
            known |= {prefix + name for name in names}
        elif fact in tags:
            known.add(fact)
        else:
            raise UsageError(f"{fact!r} is not a fact of fact_tags.csv. {did_you_mean(fact, tags)}".strip())
    return known


def _ids_of(name: str) -> list[str]:
    """The treatments that a name stands for: itself, or each part of a combination."""
    whole = _id_of(name)
    if whole:
        return [whole]
    parts = [_id_of(part) for part in name.replace(",", "+").split("+")] if "+" in name or "," in name else []
    return [part for part in dict.fromkeys(parts) if part]


def _id_of(name: str) -> str | None:
    wanted = " ".join(name.casefold().replace("_", " ").split())
    for by_name in (True, False):
        for treatment in evidence().treatments:
            names = (treatment.id, treatment.label) if by_name else treatment.also_called
            if wanted in (item.casefold().replace("_", " ") for item in names):
                return treatment.id
    return None


def _view_as_dict(row: TreatmentView) -> dict[str, Any]:
    return {
        "id": row.treatment.id,
        "label": row.treatment.label,
        "group": row.treatment.group,
        "text": row.treatment.text,
        "tried": row.tried,
        "response": row.response,
        "outcomes": [outcome_as_dict(outcome) for outcome in row.outcomes],
        "cautions": [
            {
                "id": item.caution.id,
                "text": item.caution.text,
                "because": list(item.because),
                "general": item.caution.general,
                "source": item.caution.source,
                "certainty": item.caution.certainty,
            }
            for item in row.cautions
        ],
        "guidelines": [{"id": item.id, "text": item.text, "source": item.source} for item in row.guidelines],
        "conflicts": [conflict.id for conflict in row.conflicts],
    }


def outcome_as_dict(outcome: Outcome) -> dict[str, Any]:
    """An outcome for JSON, with its reference as text."""
    fields = (
        *("id", "treatment", "measure", "value", "low", "high", "interval", "sd", "unit", "events", "n"),
        *(
            "comparator",
            "comparator_value",
            "population",
            "definition",
            "as_of",
            "source",
            "place",
            "certainty",
        ),
    )
    shown = {name: getattr(outcome, name) for name in fields}
    empty = {name: value if value != "" else None for name, value in shown.items()}
    return {**empty, "text": outcome.text, "citation": entries()[outcome.id].citation}
