"""insulinoma: from the record of a patient with an insulin-secreting tumor to something that can be computed with.

    import insulinoma

    case = insulinoma.load_case()        # the index case, or the path of a record
    assessment = insulinoma.assess(case)
    insulinoma.plot_course(case).save("course.svg")

Research and education only: not a medical device, no dosing advice.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from insulinoma.assessment.assess import Assessment, assess
    from insulinoma.assessment.verdict import Verdict
    from insulinoma.citations import Reference, reference
    from insulinoma.errors import ComputationError, Fault, InputError, InsulinomaError, UsageError
    from insulinoma.quantities import Analyte, Converted, analyte, convert
    from insulinoma.record.load import load_case, shipped_cases
    from insulinoma.record.schema import CaseRecord
    from insulinoma.report.course_figure import plot_course

__version__ = "0.1.0"

_PLACES = {
    "Analyte": "quantities",
    "Assessment": "assessment.assess",
    "CaseRecord": "record.schema",
    "ComputationError": "errors",
    "Converted": "quantities",
    "Fault": "errors",
    "InputError": "errors",
    "InsulinomaError": "errors",
    "Reference": "citations",
    "UsageError": "errors",
    "Verdict": "assessment.verdict",
    "analyte": "quantities",
    "assess": "assessment.assess",
    "convert": "quantities",
    "load_case": "record.load",
    "plot_course": "report.course_figure",
    "reference": "citations",
    "shipped_cases": "record.load",
}

__all__ = [
    "Analyte",
    "Assessment",
    "CaseRecord",
    "ComputationError",
    "Converted",
    "Fault",
    "InputError",
    "InsulinomaError",
    "Reference",
    "UsageError",
    "Verdict",
    "__version__",
    "analyte",
    "assess",
    "convert",
    "load_case",
    "plot_course",
    "reference",
    "shipped_cases",
]


def __getattr__(name: str) -> Any:
    """A public name, its module loaded when it is first asked for."""
    if name not in _PLACES:
        raise AttributeError(f"module 'insulinoma' has no attribute {name!r}")
    return getattr(import_module(f"insulinoma.{_PLACES[name]}"), name)
