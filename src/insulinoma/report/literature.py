"""What the evidence base is asked for a record: the treatments that were tried and the facts that raise cautions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from insulinoma.quantities import analyte
from insulinoma.record.schema import CaseRecord, Measurement
from insulinoma.record.vocabulary import term

if TYPE_CHECKING:
    from insulinoma.evidence.treatments import TreatmentTable

_FINDING_TAGS = {
    "portal_infiltration": "portal_infiltration",
    "extrahepatic_metastases": "extrahepatic_metastasis",
    "bone_metastases": "extrahepatic_metastasis",
    "liver_tumors": "metastatic",
    "fungal_infection": "fungal_infection",
}
_SSTR2 = ("sstr2_stain", "sstr_uptake")
_CARCINOMAS = ("neuroendocrine_carcinoma", "small_cell_neuroendocrine_carcinoma", "large_cell_neuroendocrine_carcinoma")
_LIMITS = (("ki67", "ki67_over_10", 10.0), ("ki67", "ki67_over_20", 20.0))


def treatments_of(record: CaseRecord) -> TreatmentTable:
    """All treatments side by side for a record: what was tried, what is reported, which cautions it raises."""
    from insulinoma.evidence.treatments import treatments_for

    return treatments_for(tried(record), tags(record))


def tried(record: CaseRecord) -> dict[str, str | None]:
    """The therapies of a record by name, each with the response that the source states."""
    found: dict[str, str | None] = {}
    for item in record.treatments:
        vocabulary = term("treatments", item.treatment)
        if vocabulary.get("class") == "diagnostic":
            continue
        found[vocabulary.label] = item.response or found.get(vocabulary.label)
    return found


def tags(record: CaseRecord) -> set[str]:
    """The facts of a record, in the evidence base's words, that raise cautions."""
    present = {item.finding for item in record.findings if item.present}
    found = {tag for finding, tag in _FINDING_TAGS.items() if finding in present}
    found |= _receptor_tags(record)
    found |= {tag for name, tag, limit in _LIMITS if any(_over(item, name, limit) for item in record.measurements)}
    if any(item.diagnosis in _CARCINOMAS for item in record.diagnoses):
        found.add("nec_by_label")
    if not present & {"well_differentiated", "poorly_differentiated"} and "ki67_over_20" in found:
        found.add("nec_or_net_g3_open")
    if any(_over(item, "ki67", 0) and not _over(item, "ki67", 55) for item in record.measurements):
        found.add("ki67_under_55")
    if any(item.treatment == "parenteral_nutrition" for item in record.treatments):
        found |= {"high_concentration_dextrose", "dextrose_running"}
    return found | _marker_tags(record) | _intolerances(record)


def _receptor_tags(record: CaseRecord) -> set[str]:
    seen = [item.present for item in record.findings if item.finding in _SSTR2]
    return {"sstr2_shown"} if any(seen) else {"sstr2_absent"} if seen else set()


def _marker_tags(record: CaseRecord) -> set[str]:
    found = set()
    for name, tag in (("nse", "nse_high"), ("chromogranin_a", "cga_high")):
        limits = analyte(name).limits
        upper = limits.upper if limits else None
        if any(
            item.flag == "elevated" or (upper is not None and _over(item, name, upper))
            for item in record.measurements
            if item.analyte == name
        ):
            found.add(tag)
    insulin = [item for item in record.measurements if item.analyte == "insulin" and item.value is not None]
    if any(item.converted("uU/mL").value >= 60 for item in insulin):
        found.add("insulin_60_or_more")
    return found


def _intolerances(record: CaseRecord) -> set[str]:
    found = set()
    for item in record.treatments:
        label = term("treatments", item.treatment).label
        if item.stopped_for == "allergy":
            found.add(f"allergy:{label}")
        if item.stopped_for in ("allergy", "toxicity"):
            found.add(f"adverse_stop:{label}")
    return found


def _over(item: Measurement, name: str, limit: float) -> bool:
    return item.analyte == name and item.value is not None and item.value > limit
