"""Names of systems, profiles and extensions that the Bundle uses.

The project has no domain: its own names stand under the reserved top-level name `example`, are stable,
and resolve to nothing. They are documented in `docs/reference/formats.md`.
"""

from __future__ import annotations

BASE = "https://insulinoma.example/fhir"
FACT = f"{BASE}/StructureDefinition/fact"
SYNTHETIC = f"{BASE}/StructureDefinition/synthetic-time"
DERIVED = f"{BASE}/StructureDefinition/derived-from"
PLACE = f"{BASE}/StructureDefinition/source-place"
QUOTE = f"{BASE}/StructureDefinition/source-quote"
ITEM_ID = f"{BASE}/NamingSystem/fact"
RECORD_ID = f"{BASE}/NamingSystem/record"
DOCUMENT_ID = f"{BASE}/NamingSystem/document"
SAMPLE_ID = f"{BASE}/NamingSystem/sample"
INTENDED_USE_SYSTEM = f"{BASE}/CodeSystem/intended-use"

SYSTEMS = {
    "loinc": "http://loinc.org",
    "hpo": "http://human-phenotype-ontology.org",
    "icd10": "http://hl7.org/fhir/sid/icd-10",
    "atc": "http://www.whocc.no/atc",
    "rxnorm": "http://www.nlm.nih.gov/research/umls/rxnorm",
    "ucum": "http://unitsofmeasure.org",
    "icd_o_3": "http://terminology.hl7.org/CodeSystem/icd-o-3",
}
ABSENT_REASON = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
ASSERTED_DATE = "http://hl7.org/fhir/StructureDefinition/condition-assertedDate"
TARGET_STRUCTURE = "http://hl7.org/fhir/StructureDefinition/procedure-targetBodyStructure"
INTERPRETATION = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
OBSERVATION_CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
CONDITION_CATEGORY = "http://terminology.hl7.org/CodeSystem/condition-category"
CONDITION_CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
ALLERGY_CLINICAL = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical"
ALLERGY_VERIFICATION = "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification"
RESOURCE_TYPES = "http://hl7.org/fhir/resource-types"
MCODE = "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-"


def own(table: str) -> str:
    """The code system of one of our own tables."""
    return f"{BASE}/CodeSystem/{table}"
