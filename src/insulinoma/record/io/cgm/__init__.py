"""Readers of continuous glucose: Dexcom Clarity, LibreView, Medtronic CareLink, Nightscout and plain CSV."""

from insulinoma.record.io.cgm.reader import VENDORS, read_cgm, read_cgm_persons
from insulinoma.record.io.cgm.readings import CgmOptions, CgmReadings

__all__ = ["VENDORS", "CgmOptions", "CgmReadings", "read_cgm", "read_cgm_persons"]
