"""The sections of the report that show the literature: what is reported, cautions, sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from insulinoma.citations import reference
from insulinoma.record.schema import CaseRecord
from insulinoma.report.blocks import Block, Listing, Paragraph, Section, table
from insulinoma.report.words import plural, sources_of

if TYPE_CHECKING:
    from insulinoma.evidence.records import Outcome
    from insulinoma.evidence.treatments import TreatmentTable

PRINTED_A_TREATMENT = 3


def evidence_section(record: CaseRecord, literature: TreatmentTable) -> Section:
    """What is reported for the treatments of the record, and the cautions that its facts raise.

    Paper shows the outcomes with the most patients, a few a treatment; the page shows all.
    """
    shown = printed_outcomes(record, literature)
    pairs = [(view, outcome) for view in literature.tried for outcome in view.outcomes]
    rows = [
        [view.treatment.label, outcome.text, outcome.population or "population not stated", _source(outcome)]
        for view, outcome in pairs
    ]
    printed = [index for index, (_, outcome) in enumerate(pairs) if outcome.id in shown]
    caption = (
        f"Reported outcomes, each in its own population and definition. On paper {len(printed)} of {len(rows)}: "
        f"for each treatment the {PRINTED_A_TREATMENT} of most patients, insulinoma first; all are in evidence.csv."
    )
    columns = ("treatment", "reported", "population", "source, as of")
    blocks: list[Block] = [
        Paragraph("What is reported for the treatments of this record: not a ranking, not a recommendation."),
        table("evidence", caption, columns, rows, (1.7, 4, 2.6, 1.6), printed),
    ]
    cautions = [
        [view.treatment.label, item.caution.text] for view in literature.tried for item in view.cautions if item.because
    ]
    if cautions:
        caption = "Cautions of the literature that facts of this record touch."
        blocks.append(table("cautions", caption, ("treatment", "caution"), cautions, (1, 5)))
    return Section("Evidence for the treatments given", tuple(blocks))


def printed_outcomes(record: CaseRecord, literature: TreatmentTable) -> set[str]:
    """The ids of the outcomes that fit on paper: for each treatment the largest in this disease.

    What the record's own documents report is not literature beside it and comes last.
    """
    own = {document.citation for document in record.documents.values()}
    found: set[str] = set()
    for view in literature.tried:
        order = sorted(view.outcomes, key=lambda one: (one.source in own, not _in_this_disease(one), -(one.n or 0)))
        found |= {outcome.id for outcome in order[:PRINTED_A_TREATMENT]}
    return found


def _in_this_disease(outcome: Outcome) -> bool:
    population = outcome.population.lower()
    return "insulinoma" in population and "not insulinoma" not in population


def _source(outcome: Outcome) -> str:
    return f"{outcome.source}, {outcome.as_of or 'year not known'}"


def sources_section(record: CaseRecord, assessment: dict[str, Any], literature: TreatmentTable) -> Section:
    """The documents of the record and the references of all that the report says."""
    outcomes = [outcome for view in literature.tried for outcome in view.outcomes]
    shown = printed_outcomes(record, literature)
    base = {document.citation for document in record.documents.values() if document.citation} | set(
        sources_of(assessment)
    )
    printed = base | {outcome.source for outcome in outcomes if outcome.id in shown}
    keys = sorted(base | {outcome.source for outcome in outcomes})
    documents = [
        Paragraph(f"{name}: {document.kind}, {document.file or 'no file'}, sha256 {document.sha256 or 'not given'}.")
        for name, document in record.documents.items()
    ]
    items = tuple((key, reference(key).text) for key in keys)
    kept = tuple(index for index, key in enumerate(keys) if key in printed)
    caption = (
        f"{plural(len(keys), 'reference')} of the criteria and of the evidence; on paper those of what is printed."
    )
    return Section("Sources", (*documents, Listing("references", caption, items, kept)))
