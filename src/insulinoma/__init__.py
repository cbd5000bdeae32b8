"""insulinoma: from the record of a patient with an insulin-secreting tumor to something that can be computed with.

    import insulinoma

    case = insulinoma.load_case()        # the index case, or the path of a record
    assessment = insulinoma.assess(case)
    insulinoma.plot_course(case, "course.svg")

Research and education only: not a medical device, no dosing advice.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from insulinoma.citations import Reference, reference
    from insulinoma.errors import ComputationError, Fault, InputError, InsulinomaError, UsageError
    from insulinoma.quantities import Analyte, Converted, analyte, convert
    from insulinoma.record.load import load_case, shipped_cases
    from insulinoma.record.schema import CaseRecord

__version__ = "0.1.0"

_PLACES = {
    "Analyte": "quantities",
    "CaseRecord": "record.schema",
    "ComputationError": "errors",
    "Converted": "quantities",
    "Fault": "errors",
    "InputError": "errors",
    "InsulinomaError": "errors",
    "Reference": "citations",
    "UsageError": "errors",
    "analyte": "quantities",
    "convert": "quantities",
    "load_case": "record.load",
    "reference": "citations",
    "shipped_cases": "record.load",
}

__all__ = [
    "Analyte",
    "CaseRecord",
    "ComputationError",
    "Converted",
    "Fault",
    "InputError",
    "InsulinomaError",
    "Reference",
    "UsageError",
    "__version__",
    "analyte",
    "convert",
    "load_case",
    "reference",
    "shipped_cases",
]


def __getattr__(name: str) -> Any:
    """A public name, its module loaded when it is first asked for."""
    if name not in _PLACES:
        raise AttributeError(f"module 'insulinoma' has no attribute {name!r}")
    return getattr(import_module(f"insulinoma.{_PLACES[name]}"), name)
