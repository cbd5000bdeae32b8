"""FHIR R4: a record as a Bundle, and a Bundle or resource as the tree of a record."""

from insulinoma.record.io.fhir.export import export_bundle
from insulinoma.record.io.fhir.reading import read_bundle

__all__ = ["export_bundle", "read_bundle"]
