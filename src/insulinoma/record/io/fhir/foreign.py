"""Resources that another program wrote: read where their codes and units are ours, listed where they are not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from insulinoma.record.io.codes import analyte_of_loinc, item_of_hpo, term_of, unit_of
from insulinoma.record.io.dates import birth_fault, stated_time
from insulinoma.record.io.fhir.elements import Json, code_in, inner, items
from insulinoma.record.io.fhir.names import SYSTEMS, own
from insulinoma.record.io.fhir.observations import CENSORED, FLAGS
from insulinoma.record.io.fhir.treatments import read_dosage
from insulinoma.record.schema import SCHEMA
from insulinoma.record.timeline import When
from insulinoma.record.tree import NotRead, Place, dotted
from insulinoma.record.vocabulary import terms

if TYPE_CHECKING:
    from insulinoma.record.io.fhir.reading import Entry, _BundleReader

IMPORTED = "imported"
_VOID = ("entered-in-error", "cancelled", "not-done", "not-taken")
_ICD10_CM = "http://hl7.org/fhir/sid/icd-10-cm"
_TIMES = ("effective", "performed", "onset", "occurrence")


class NotOursError(Exception):
    """A resource says something for which a record has no name; the message says why."""


class ForeignReader:
    """Reads the foreign resources of one Bundle into the record that is being built."""

    def __init__(self, bundle: _BundleReader, entries: list[Entry], *, alone: bool) -> None:
        self.bundle, self.entries, self.alone = bundle, entries, alone
        patients = [resource for _, _, resource in entries if resource.get("resourceType") == "Patient"]
        self.birth = next((str(patient.get("birthDate")) for patient in patients if patient.get("birthDate")), "")
        self.patients = len(patients)

    def read(self) -> None:
        """Adds what can be read, lists the rest, and writes the head when the file has none of ours."""
        if not self.entries:
            return
        if self.alone:
            self._head()
        self.bundle.documents[IMPORTED] = {"kind": "FHIR R4 file", "file": self.bundle.json.file}
        if self.patients > 1:
            problem = f"the Bundle holds {self.patients} patients"
            self.bundle.fault((), "several patients", problem, "one patient a file", "Split it, one file a patient.")
        for place, _, resource in self.entries:
            try:
                self._read(place, resource)
            except NotOursError as reason:
                kind = str(resource.get("resourceType"))[:40]
                self.bundle.result.unread.append(NotRead(dotted(place), kind, str(reason)))

    def _head(self) -> None:
        file = self.bundle.json.file
        name = re.sub(r"[^a-z0-9]+", "-", file.rsplit(".", 1)[0].casefold()).strip("-") or "case"
        self.bundle.head = {"schema": SCHEMA, "id": name, "title": f"Imported from {file}"}

    def _read(self, place: Place, resource: Json) -> None:
        status = str(resource.get("status", ""))
        if status in _VOID or code_in(resource.get("verificationStatus"), "") in _VOID:
            raise NotOursError(f"its status is {status}")
        readers = {
            "Patient": self._patient,
            "Observation": self._observation,
            "Condition": self._condition,
            "MedicationAdministration": self._medication,
            "MedicationStatement": self._medication,
            "Procedure": self._procedure,
            "AllergyIntolerance": self._allergy,
        }
        read = readers.get(str(resource.get("resourceType")))
        if read is None:
            raise NotOursError("a record has no place for this type")
        read(place, resource)

    def _add(self, section: str, item: Json, place: Place, resource: Json) -> None:
        when = self._when(resource)
        if when is not None:
            item["when"] = when.text
            fault = birth_fault(when, self.birth)
            if fault is not None:
                self.bundle.fault(place, "before birth", *fault)
        listed = self.bundle.found[section]
        listed.append((1_000_000 + len(listed), place, {**item, "source": IMPORTED}))

    def _when(self, resource: Json) -> When | None:
        for stem in _TIMES:
            for form in ("DateTime", "Instant"):
                if resource.get(stem + form) is not None:
                    return stated_time(resource[stem + form], None)
            if isinstance(resource.get(stem + "Period"), dict):
                period = resource[stem + "Period"]
                return stated_time(period.get("start"), period.get("end"), stretch=True)
        return None

    def _patient(self, place: Place, resource: Json) -> None:
        if resource.get("gender") in ("female", "male") and "sex" not in self.bundle.patient:
            self.bundle.patient["sex"] = {"value": resource["gender"], "source": IMPORTED}
        self.bundle.result.origins["patient", 0] = place
        if resource.get("deceasedBoolean") is True:
            self._add("events", {"event": "death"}, place, {})
        elif resource.get("deceasedDateTime") is not None:
            self._add("events", {"event": "death"}, place, {"effectiveDateTime": resource["deceasedDateTime"]})

    def _observation(self, place: Place, resource: Json) -> None:
        code = resource.get("code")
        name = code_in(code, own("analytes")) or _first(code, SYSTEMS["loinc"], analyte_of_loinc)
        if name is not None:
            self._add("measurements", _measured(str(name), resource), place, resource)
            return
        present = resource.get("valueBoolean", True)
        found = _phenotype(code, present=present is not False)
        if found is None:
            raise NotOursError(f"{_shown(code)} is neither an analyte nor a finding of the vocabulary")
        self._add(*found, place, resource)

    def _condition(self, place: Place, resource: Json) -> None:
        code = resource.get("code")
        name = code_in(code, own("diagnoses"))
        for system in (SYSTEMS["icd10"], _ICD10_CM):
            name = name or _first(code, system, lambda text: term_of("icd10", text))
        verified = str(inner(resource, "verificationStatus", "coding", 0, "code"))
        if name is not None and verified != "refuted":
            self._add("diagnoses", {"diagnosis": name}, place, resource)
            return
        found = _phenotype(code, present=verified != "refuted")
        if found is None:
            raise NotOursError(f"{_shown(code)} is not a diagnosis of the vocabulary")
        self._add(*found, place, resource)

    def _medication(self, place: Place, resource: Json) -> None:
        code = resource.get("medicationCodeableConcept") or self._contained(resource)
        name = _drug(code)
        if name is None:
            raise NotOursError(f"{_shown(code)} is not a treatment of the vocabulary")
        dosage = resource.get("dosage")
        self._add("treatments", {"treatment": name, **read_dosage(dosage)}, place, resource)

    def _contained(self, resource: Json) -> Any:
        """The code of a medication that is told by reference, inside the resource or in the Bundle."""
        address = str(inner(resource, "medicationReference", "reference"))
        contained = [part for part in items(resource, "contained") if f"#{part.get('id')}" == address]
        return inner(contained[0] if contained else self.bundle.by_address.get(address), "code")

    def _procedure(self, place: Place, resource: Json) -> None:
        name = code_in(resource.get("code"), own("treatments"))
        if name is None:
            raise NotOursError(f"{_shown(resource.get('code'))} is not a procedure of the vocabulary")
        self._add("treatments", {"treatment": name}, place, resource)

    def _allergy(self, place: Place, resource: Json) -> None:
        name = _drug(resource.get("code"))
        if name is None:
            raise NotOursError(f"{_shown(resource.get('code'))} is not a drug of the vocabulary")
        refuted = inner(resource, "verificationStatus", "coding", 0, "code") == "refuted"
        circumstances = terms("treatments")[name].label if name in terms("treatments") else name
        self._add(
            "findings",
            {"finding": "drug_allergy", "present": not refuted, "circumstances": circumstances},
            place,
            resource,
        )


def _measured(name: str, resource: Json) -> Json:
    amount = resource.get("valueQuantity") or (_longest(resource) if name == "longest_diameter" else None)
    if not isinstance(amount, dict):
        raise NotOursError(f"{name} without a number")
    texts = [str(amount[key]) for key in ("code", "unit") if amount.get(key) is not None]
    sign = str(amount.get("comparator", ""))[:1]
    form = next((form for form, comparator in CENSORED.items() if comparator == sign), "value")
    item: Json = {"analyte": name, form: amount.get("value")}
    unit = unit_of(name, *texts) or (texts[-1] if texts else None)
    flag = inner(resource, "interpretation", 0, "coding", 0, "code")
    flags = {code: label for label, (code, _) in FLAGS.items()}
    return (
        item
        | ({"unit": unit} if unit else {})
        | ({"flag": flags[flag]} if isinstance(flag, str) and flag in flags else {})
    )


def _longest(resource: Json) -> Any:
    """The longest dimension of a tumor size as mCODE writes it."""
    found = [part for part in items(resource, "component") if code_in(part.get("code"), SYSTEMS["loinc"]) == "33728-7"]
    return inner(found[0] if found else None, "valueQuantity")


def _phenotype(code: Any, *, present: bool) -> tuple[str, Json] | None:
    """Section and item of a code for something found, by our own name or by HPO."""
    own_name = code_in(code, own("findings"))
    if own_name is not None:
        return "findings", {"finding": own_name, "present": present}
    codes = [str(part.get("code")) for part in items(code, "coding") if part.get("system") == SYSTEMS["hpo"]]
    found = [item for item in (item_of_hpo(text, present=present) for text in codes) if item is not None]
    return found[0] if found else None


def _first(code: Any, system: str, look_up: Any) -> str | None:
    """The first name that a code of a system leads to."""
    for coding in items(code, "coding"):
        name = (
            look_up(coding["code"]) if coding.get("system") == system and isinstance(coding.get("code"), str) else None
        )
        if name is not None:
            return str(name)
    return None


def _drug(code: Any) -> str | None:
    name = code_in(code, own("treatments"))
    for system in ("atc", "rxnorm"):
        name = name or _first(code, SYSTEMS[system], lambda text, system=system: term_of(system, text))
    return name


def _shown(code: Any) -> str:
    """A CodeableConcept in a few words."""
    text = inner(code, "text") or inner(code, "coding", 0, "display") or inner(code, "coding", 0, "code")
    return repr(str(text)[:60]) if text else "a resource without a code"
