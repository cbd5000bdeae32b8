"""The twin: all subsystems of a person in one model."""

from __future__ import annotations

from functools import cache

from insulinoma.model.absorption import Absorption
from insulinoma.model.c_peptide import CPeptide, Proinsulin
from insulinoma.model.compose import Model, compose
from insulinoma.model.counter_regulation import CounterRegulation
from insulinoma.model.glucose import Glucose
from insulinoma.model.insulin import Insulin
from insulinoma.model.insulin_action import InsulinAction
from insulinoma.model.islets import Islets
from insulinoma.model.ketones import Ketones
from insulinoma.model.liver import Liver
from insulinoma.model.person import Person
from insulinoma.model.symptoms import Symptoms
from insulinoma.model.tumor_secretion import TumorSecretion


@cache
def patient() -> Model:
    """The twin of a person on the clock of hormones.

    >>> patient().states["glucose.G_p"].unit
    'mg/kg'
    """
    parts = {
        "person": Person(),
        "absorption": Absorption(),
        "glucose": Glucose(),
        "liver": Liver(),
        "ketones": Ketones(),
        "insulin": Insulin(),
        "insulin_action": InsulinAction(),
        "islets": Islets(),
        "tumor": TumorSecretion(),
        "c_peptide": CPeptide(),
        "proinsulin": Proinsulin(),
        "counter_regulation": CounterRegulation(),
        "symptoms": Symptoms(),
    }
    return compose("patient", parts)
