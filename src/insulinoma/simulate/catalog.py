"""What can be simulated, as tables: subjects, protocols, parts of the model, parameters of a subject."""

from __future__ import annotations

import math
from typing import Any

from insulinoma.model.parameter_set import parameter_sets
from insulinoma.model.subsystem import Parameter
from insulinoma.model.tumor_course import patient_with_tumor
from insulinoma.simulate.protocols import PROTOCOLS
from insulinoma.simulate.subject import Subject


def catalog() -> dict[str, list[dict[str, Any]]]:
    """Subjects, protocols and parts, in the names of `model list --json`.

    >>> [row["name"] for row in catalog()["subjects"]][:2]
    ['healthy-man', 'healthy-woman']
    """
    subjects = [{"name": name, "meaning": meaning} for name, meaning in parameter_sets().items()]
    protocols = [
        {"name": item.name, "meaning": item.meaning, "reference": item.ref, "minutes": item.minutes}
        for item in PROTOCOLS.values()
    ]
    parts = [
        {
            "name": name,
            "meaning": _first_sentence(type(part).__doc__),
            "clock": part.time_unit,
            "states": len(part.states),
            "parameters": len(part.parameters),
        }
        for name, part in patient_with_tumor().parts.items()
    ]
    return {"subjects": subjects, "protocols": protocols, "parts": parts}


def parameter_table(who: Subject, part: str | None = None) -> list[dict[str, Any]]:
    """Every parameter of a subject, or those of one part, in the names of `model parameters --json`."""
    chosen = {name: item for name, item in who.priors.items() if part in (None, name.partition(".")[0])}
    return [_row(name, item, who.values[name]) for name, item in chosen.items()]


def _first_sentence(text: str | None) -> str:
    whole = " ".join((text or "").split())
    return whole.split(". ")[0].rstrip(".")


def _row(name: str, item: Parameter, value: float) -> dict[str, Any]:
    """The value that the subject has; the typical one of its prior is another where it was set by hand."""
    return {
        "name": name,
        "value": value,
        "prior": item.value,
        "unit": item.unit,
        "sd_log": item.log_spread or None,
        "low": item.low,
        "high": None if math.isinf(item.high) else item.high,
        "share": item.share,
        "meaning": item.meaning,
        "reference": item.ref or None,
        "status": item.status,
        "note": item.note or None,
    }
