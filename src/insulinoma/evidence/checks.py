"""What must hold between the tables: keys, names, intervals, counts. A breach is a fault with its line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from insulinoma.citations import references
from insulinoma.errors import did_you_mean
from insulinoma.evidence import records as r
from insulinoma.evidence.reading import Row

Rows = dict[str, list[Row]]

_SELF = "SELF"
PREFIXES = ("allergy:", "adverse_stop:")
"""Fact tags that carry the name of a treatment."""


def check(base: r.Evidence, rows: Rows) -> None:
    """Notes the faults of a base that was read without any; rows are those that it was read from."""
    _unique(rows)
    _citations(rows)
    for row, outcome in _outcomes(base, rows):
        _known(row, "treatment", (outcome.treatment,), [*(item.id for item in base.treatments), r.DISEASE])
        _numbers(row, outcome)
    for row, claim in zip(rows["claims"], base.claims, strict=True):
        _claim(row, claim, base)
    _cross_references(base, rows)
    _cautions(base, rows)
    _conflicts(base, rows)


def _outcomes(base: r.Evidence, rows: Rows) -> Iterator[tuple[Row, r.Outcome]]:
    return zip([*rows["outcomes"], *rows["prognosis"]], base.outcomes, strict=True)


def _known(row: Row, column: str, names: Iterable[str], valid: Iterable[str]) -> None:
    allowed = set(valid)
    for name in names:
        if name not in allowed:
            row.fault(column, f"{name!r} is not known", "an id of the evidence base", did_you_mean(name, allowed))


def _unique(rows: Rows) -> None:
    seen: dict[str, str] = {}
    for table, items in rows.items():
        if table in ("conflict_sides", "cited", "fact_tags"):
            continue
        for row in items:
            identifier = row.text("id")
            if identifier in seen:
                row.fault("id", f"{identifier!r} is already used in {seen[identifier]}", "an id of its own")
            seen[identifier] = f"{row.where[0]}:{row.where[1]}"


def _citations(rows: Rows) -> None:
    known = references()
    for items in rows.values():
        for row in items:
            for column in ("source", "reference"):
                key = row.text(column)
                if key and key not in known:
                    row.fault(column, f"{key!r} is not a key of references.bib", "a key", did_you_mean(key, known))


def _numbers(row: Row, outcome: r.Outcome) -> None:
    _interval(row, outcome.value, outcome.low, outcome.high, outcome.unit)
    if (outcome.low is not None or outcome.high is not None) and not outcome.interval:
        row.fault("interval", "low or high without the kind of interval", "for example '95 % CI' or 'range'")
    if outcome.sd is not None and outcome.sd < 0:
        row.fault("sd", f"{outcome.sd:g} is below 0", "a standard deviation")
    if outcome.events is None or outcome.n is None:
        return
    if outcome.events > outcome.n:
        row.fault("events", f"{outcome.events} of {outcome.n}", "no more events than patients")
    elif outcome.unit == "percent" and outcome.value is not None and outcome.n:
        share = 100 * outcome.events / outcome.n
        if abs(share - outcome.value) > 0.6:
            row.fault("value", f"{outcome.value:g} % but {outcome.events}/{outcome.n} is {share:.1f} %", "the same")


def _interval(row: Row, value: float | None, low: float | None, high: float | None, unit: str) -> None:
    given = [number for number in (low, value, high) if number is not None]
    if given and not unit:
        row.fault("unit", "a number without a unit", "a unit")
    if given != sorted(given):
        row.fault("value", f"{given} is not in order", "low <= value <= high")
    if unit == "percent" and any(not 0 <= number <= 100 for number in given):
        row.fault("value", f"{given} percent", "0 to 100 percent")
    if any(number < 0 for number in given):
        row.fault("value", f"{given} is below 0", "0 or more")


def _claim(row: Row, claim: r.Claim, base: r.Evidence) -> None:
    _known(row, "document", (claim.document,), (item.id for item in base.documents))
    _known(row, "corrections", claim.corrections, (item.id for item in base.corrections))
    _interval(row, claim.value, claim.low, claim.high, claim.unit)
    if claim.status in ("error", "dated", "imprecise") and not claim.corrections:
        row.fault("corrections", f"a claim with status {claim.status!r} names no correction", "the correction")


def _cross_references(base: r.Evidence, rows: Rows) -> None:
    claims = {item.id for item in base.claims}
    treatments = {item.id for item in base.treatments}
    for row, correction in zip(rows["corrections"], base.corrections, strict=True):
        _known(row, "claims", correction.claims, claims)
    for row, guideline in zip(rows["guidelines"], base.guidelines, strict=True):
        _known(row, "treatments", guideline.treatments, treatments)


def _cautions(base: r.Evidence, rows: Rows) -> None:
    tags = {item.tag for item in base.fact_tags if not item.tag.startswith(PREFIXES)}
    treatments = {item.id for item in base.treatments}
    named = {prefix + name for prefix in PREFIXES for name in (*treatments, _SELF)}
    for row, caution in zip(rows["cautions"], base.cautions, strict=True):
        _known(row, "treatments", caution.treatments, {*treatments, "*"})
        _known(row, "when", caution.when, tags | named)
        _known(row, "unless", caution.unless, tags | named)


def _conflicts(base: r.Evidence, rows: Rows) -> None:
    ids = {row.text("id") for items in rows.values() for row in items}
    conflicts = {item.id for item in base.conflicts}
    for row in rows["conflict_sides"]:
        _known(row, "conflict", (row.text("conflict"),), conflicts)
        _known(row, "evidence", row.names("evidence"), ids)
        if not row.names("evidence"):
            row.fault("evidence", "a side without evidence", "ids of claims, outcomes, definitions or mechanisms")
    for row, conflict in zip(rows["conflicts"], base.conflicts, strict=True):
        if len(conflict.sides) < 2:
            row.fault(
                "id",
                f"{conflict.id} has {len(conflict.sides)} side",
                "two sides or more in conflict_sides.csv",
            )
