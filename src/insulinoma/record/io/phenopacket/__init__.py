"""Phenopacket v2: a record as a packet with a sidecar, and a packet as the tree of a record."""

from insulinoma.record.io.phenopacket.export import export_phenopacket
from insulinoma.record.io.phenopacket.reading import read_phenopacket

__all__ = ["export_phenopacket", "read_phenopacket"]
