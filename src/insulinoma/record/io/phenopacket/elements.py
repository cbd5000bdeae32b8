"""The facts of a record as elements of a packet: each takes what its element holds, the rest stays behind."""

from __future__ import annotations

from typing import Any

from insulinoma.quantities import Unit, analyte
from insulinoma.record.io.calendar import Calendar, Stretch, timestamp
from insulinoma.record.io.codes import DOSE_UCUM, loinc_of, public_code
from insulinoma.record.io.phenopacket.names import ECO, Json, own_class, public_class
from insulinoma.record.schema import Diagnosis, Finding, Measurement, Treatment
from insulinoma.record.vocabulary import Table, term


def term_class(table: Table, name: str) -> Json:
    """The class of a vocabulary term: its public code, else our own name."""
    found = term(table, name)
    return public_class(public_code(table, found.name), table, found.name, found.label)


def site_class(name: str) -> Json:
    """The class of a site."""
    return own_class("sites", name, term("sites", name).label)


def time_element(stretch: Stretch | None) -> Json | None:
    """A TimeElement of a stretch with two ends, None where an end is open: the format has no open interval."""
    if stretch is None or stretch.start is None or stretch.end is None:
        return None
    if stretch.start == stretch.end:
        return {"timestamp": timestamp(stretch.start)}
    return {"interval": {"start": timestamp(stretch.start), "end": timestamp(stretch.end)}}


def age_element(item: Json) -> Json:
    """The age at presentation as a Measurement: the packet has an age only of the last encounter."""
    unit = {"id": "UCUM:a", "label": "years"}
    return {
        "assay": {"id": "LOINC:30525-0", "label": "Age"},
        "value": {"quantity": {"unit": unit, "value": item.pop("years")}},
    }


def measurement_element(item: Json, fact: Measurement, calendar: Calendar) -> Json:
    """A measurement; a bound or interval as typed quantities, a direction or statement as a class."""
    kind = analyte(item.pop("analyte"))
    numeric = bool(fact.numbers)
    printed = item.pop("unit", None) if numeric else None
    unit = kind.unit(printed) if printed is not None else None
    built: Json = {"assay": public_class(loinc_of(kind, unit), "analytes", kind.name, kind.label)}
    if unit is None:
        name = "direction" if fact.direction is not None else "statement"
        built["value"] = {"ontologyClass": own_class(name, item.pop(name))}
    elif fact.value is not None:
        built["value"] = {"quantity": _quantity(item.pop("value"), unit, printed) | _range(item, unit, printed)}
    else:
        built["complexValue"] = {"typedQuantities": _bounds(item, unit, printed)}
    if "note" in item:
        built["description"] = item.pop("note")
    return built | _at("timeObserved", time_element(calendar.of_fact(fact)))


def _quantity(value: float, unit: Unit, printed: str | None) -> Json:
    return {"unit": {"id": f"UCUM:{unit.ucum}", "label": printed}, "value": value}


def _range(item: Json, unit: Unit, printed: str | None) -> Json:
    limits = item.get("reference") or {}
    if limits.get("lower") is None or limits.get("upper") is None:
        return {}
    del item["reference"]
    ends = {"low": limits["lower"], "high": limits["upper"]}
    return {"referenceRange": {"unit": {"id": f"UCUM:{unit.ucum}", "label": printed}, **ends}}


def _bounds(item: Json, unit: Unit, printed: str | None) -> list[Json]:
    named = {name: item.pop(name) for name in ("below", "above") if item.get(name) is not None}
    if item.get("between") is not None:
        named["from"], named["to"] = item.pop("between")
    return [
        {"type": own_class("bounds", name), "quantity": _quantity(value, unit, printed)}
        for name, value in named.items()
    ]


def finding_element(item: Json, fact: Finding, calendar: Calendar) -> Json:
    """A finding as a PhenotypicFeature with its sources as evidence; an excluded one has no onset."""
    built: Json = {"type": term_class("findings", item.pop("finding"))}
    if not item.pop("present", True):
        built["excluded"] = True
    stretch = calendar.of_fact(fact) if fact.present else None
    if stretch is not None and fact.when.kind == "window":
        for name, moment in (("onset", stretch.start), ("resolution", stretch.end)):
            built |= {name: {"timestamp": timestamp(moment)}} if moment is not None else {}
    else:
        built |= _at("onset", time_element(stretch))
    stated = item.pop("source")
    built["evidence"] = [_evidence(source) for source in (stated if isinstance(stated, list) else [stated])]
    return built


def _evidence(source: Any) -> Json:
    text, quote = (source["at"], source["quote"]) if isinstance(source, dict) else (source, None)
    return {"evidenceCode": dict(ECO), "reference": {"id": text, **({"description": quote} if quote else {})}}


def disease_element(item: Json, site: str | None) -> Json:
    """A diagnosis as a Disease, with the site of the one primary tumor."""
    built: Json = {"term": term_class("diagnoses", item.pop("diagnosis"))}
    return built | ({"primarySite": site_class(site)} if site else {})


def graded_sample(item: Json, fact: Diagnosis, name: str, subject: str) -> Json | None:
    """The Biosample that holds grade and tissue of a diagnosis, which a Disease cannot; None without either."""
    if fact.grade is None and fact.specimen is None:
        return None
    built: Json = {
        "id": name,
        "individualId": subject,
        "histologicalDiagnosis": term_class("diagnoses", fact.diagnosis),
    }
    if item.pop("grade", None) is not None:
        built["tumorGrade"] = own_class("grades", str(fact.grade), f"Grade {fact.grade}")
    if item.pop("specimen", None) is not None:
        built["sampledTissue"] = site_class(str(fact.specimen))
    return built


def biopsy_sample(fact: Treatment, name: str, subject: str, calendar: Calendar) -> Json:
    """The Biosample that a biopsy took, derived from it."""
    built: Json = {"id": name, "individualId": subject, "procedure": {"code": term_class("treatments", fact.treatment)}}
    if fact.site is not None:
        built["sampledTissue"] = site_class(fact.site)
    return built | _at("timeOfCollection", time_element(calendar.of_fact(fact)))


def action_element(item: Json, fact: Treatment, calendar: Calendar) -> Json:
    """A treatment as a MedicalAction: a procedure, a regimen of several drugs, or a drug."""
    kind = term("treatments", fact.treatment).get("type")
    code = term_class("treatments", item.pop("treatment"))
    stretch = calendar.of_fact(fact)
    if kind == "procedure":
        site = item.pop("site", None)
        procedure = {"code": code} | ({"bodySite": site_class(site)} if site else {})
        built: Json = {"procedure": procedure | _at("performed", time_element(stretch))}
    elif kind == "regimen":
        built = {"therapeuticRegimen": _regimen(code, fact, stretch)}
    else:
        built = {"treatment": _drug(code, item, fact, stretch)}
    for name, element in (("response", "responseToTreatment"), ("stopped_for", "treatmentTerminationReason")):
        if item.get(name) is not None:
            built[element] = own_class(name, item[name].replace("'", ""), item.pop(name))
    return built


def _regimen(code: Json, fact: Treatment, stretch: Stretch | None) -> Json:
    status = (
        "DISCONTINUED"
        if fact.stopped_for not in (None, "completed")
        else "COMPLETED"
        if fact.stop
        else "UNKNOWN_STATUS"
    )
    built: Json = {"ontologyClass": code, "regimenStatus": status}
    ends = (("startTime", stretch.start), ("endTime", stretch.end)) if stretch is not None else ()
    for name, moment in ends:
        if moment is not None:
            built[name] = {"timestamp": timestamp(moment)}
    return built


def _drug(code: Json, item: Json, fact: Treatment, stretch: Stretch | None) -> Json:
    built: Json = {"agent": code}
    if item.get("route") is not None:
        built["routeOfAdministration"] = own_class("route", item.pop("route"))
    rate = fact.dose is not None and fact.dose.unit.endswith(("/day", "/h", "/min"))
    frequency = "continuous rate" if rate else f"{fact.doses_per_day:g} per day" if fact.doses_per_day else None
    if (
        fact.dose is not None
        and frequency
        and stretch
        and stretch.start
        and stretch.end
        and stretch.start < stretch.end
    ):
        unit = fact.dose.unit
        built["doseIntervals"] = [
            {
                "quantity": {
                    "unit": {"id": f"UCUM:{DOSE_UCUM.get(unit, unit)}", "label": unit},
                    "value": fact.dose.value,
                },
                "scheduleFrequency": own_class("frequency", frequency),
                "interval": {"start": timestamp(stretch.start), "end": timestamp(stretch.end)},
            }
        ]
    return built


def _at(name: str, time: Json | None) -> Json:
    return {name: time} if time is not None else {}
