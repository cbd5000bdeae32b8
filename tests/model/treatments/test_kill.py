"""Chemotherapy and radiation: closed forms, and response rates in virtual populations."""

import math

import numpy as np
import pytest

from insulinoma.model.treatments.chemotherapy import Chemotherapy
from insulinoma.model.treatments.registry import TREATMENTS
from insulinoma.model.tumor_course import tumor_course

DAY, MONTH = 1440.0, 30.44
SITES = ("primary", "right_lobe")
LIVER = {"tumor.d_primary": 2.7, "tumor.V_liver": (224.0, 0.41)}
REGIMENS = [name for name, kind in TREATMENTS.items() if issubclass(kind, Chemotherapy)]


def alone(name: str):
    return tumor_course(sites=SITES, treatments=(name,), markers=False)


def courses(name: str, count: int, days: float) -> list[tuple[float, str, float]]:
    return [(course * days * DAY, f"{name}.{name}", 1.0) for course in range(count)]


@pytest.mark.parametrize("name", REGIMENS)
def test_the_log_kill_after_some_courses_is_that_of_the_closed_form(typical, name: str) -> None:
    model = alone(name)
    V = typical(model, courses(name, 3, 21), 150 * DAY, DAY, {"tumor.VDT": 1e9})["primary.V"]
    kill, rho = (model.parameters[f"{name}.{item}"].value for item in ("log_kill", "rho"))
    assert -np.log10(V[-1] / V[0]) == pytest.approx(kill * (1 - math.exp(-3 * rho)) / rho, rel=1e-4)


def test_the_kill_by_radiation_is_that_of_the_closed_form(typical) -> None:
    given = [(63.0 * cycle * DAY, "lutetium_dotatate.lutetium_dotatate", 7.4) for cycle in range(4)]
    V = typical(alone("lutetium_dotatate"), given, 600 * DAY, 3 * DAY, {"tumor.VDT": 1e9})["primary.V"]
    assert -np.log10(V[-1] / V[0]) == pytest.approx(4 * 7.4 * 0.05, rel=1e-4)


def test_a_tumor_shrinks_only_weeks_after_the_first_course(typical) -> None:
    found = typical(alone("etoposide_cisplatin"), courses("etoposide_cisplatin", 1, 21), 40 * DAY, DAY)
    volume = found["burden.CT_tumor"] / found["burden.CT_tumor"][0]
    assert volume[7] > 0.9
    assert volume[28] < 0.7


def diameters(people, name: str, doubling: tuple[float, float], count: int, every: float, days: int, n: int = 400):
    population = people(alone(name), n, {**LIVER, "tumor.VDT": doubling})
    CT = population.run(courses(name, count, every), days * DAY, DAY)["burden.CT_tumor"]
    return (CT / CT[0]) ** (1 / 3)


def months_to_progression(diameter) -> float:
    grown = diameter > 1.2 * np.minimum.accumulate(diameter, 0)
    return float(np.median(np.where(grown.any(0), grown.argmax(0), len(diameter)))) / MONTH


def test_etoposide_and_cisplatin_respond_progress_and_relapse_as_published(people) -> None:
    diameter = diameters(people, "etoposide_cisplatin", (50.0, 0.48), 6, 21, 350)
    response = (diameter[:200].min(0) <= 0.7).mean()
    assert response == pytest.approx(0.415, abs=0.08)
    assert (diameter[63] >= 1.2).mean() == pytest.approx(0.41, abs=0.10)
    assert 3.4 <= months_to_progression(diameter) <= 8.9


def test_streptozocin_and_doxorubicin_respond_and_last_as_published(people) -> None:
    diameter = diameters(people, "streptozocin_doxorubicin", (400.0, 0.8), 6, 42, 800, n=300)
    assert 0.22 <= (diameter[:500].min(0) <= 0.7).mean() <= 0.49
    assert 12 < months_to_progression(diameter) < 22


def test_radiation_makes_half_of_the_tumors_flare_for_two_days(people) -> None:
    many = people(alone("lutetium_dotatate"), 2000, {**LIVER, "tumor.VDT": (300.0, 0.6)})
    S = many.run([(DAY, "lutetium_dotatate.lutetium_dotatate", 7.4)], 3 * DAY, DAY)["tumor_secretion.S_total"]
    assert (S[3] / S[0] > 1.2).mean() == pytest.approx(7 / 15, abs=0.05)


def test_radiation_resolves_hypoglycemia_in_months(people) -> None:
    model, doubling = alone("lutetium_dotatate"), {**LIVER, "tumor.VDT": (300.0, 0.6)}
    population = people(model, 150, doubling)
    given = [(63.0 * cycle * DAY, "lutetium_dotatate.lutetium_dotatate", 7.4) for cycle in range(4)]
    S = population.run(given, 700 * DAY, DAY)["tumor_secretion.S_total"]
    S = S / people(model, 150, doubling).run([], DAY, DAY)["tumor_secretion.S_total"][0]
    resolved = S < 0.55
    ever, first = resolved.any(0), resolved.argmax(0) / MONTH
    assert ever.mean() == pytest.approx(14 / 15, abs=0.1)
    assert 1.5 < np.median(np.where(ever, first, np.inf)) < 3.5
    back = np.array([np.argmax(S[max(day, 200) :, i] > 0.55) for i, day in enumerate(resolved.argmax(0))])
    assert 0.3 < (back[ever] > 0).mean() < 0.8
