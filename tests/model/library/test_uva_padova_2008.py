import csv
import gzip
from collections import defaultdict

import numpy as np
import pytest

from insulinoma.model.library.uva_padova_2008 import uva_padova_2008
from insulinoma.model.units_check import check_units
from insulinoma.simulate.regimen import Regimen, give
from insulinoma.simulate.solver import simulate

NAMES = {
    "meal.BW": "BW",
    "meal.k_gri": "kmax",
    "meal.k_max": "kmax",
    "meal.k_min": "kmin",
    "meal.k_abs": "kabs",
    "meal.b": "b",
    "meal.d": "d",
    "meal.f": "f",
    "glucose.V_G": "Vg",
    "glucose.k_1": "k1",
    "glucose.k_2": "k2",
    "glucose.k_p2": "kp2",
    "glucose.k_p3": "kp3",
    "glucose.k_i": "ki",
    "glucose.F_cns": "Fsnc",
    "glucose.V_mx": "Vmx",
    "glucose.K_m0": "Km0",
    "glucose.p_2U": "p2u",
    "glucose.k_e1": "ke1",
    "glucose.k_e2": "ke2",
    "glucose.G_b": "Gb",
    "glucose.EGP_b": "EGPb",
    "glucose.k_sc": "ksc",
    "insulin.I_b": "Ib",
    "insulin.V_I": "Vi",
    "insulin.HE_b": "HEb",
    "insulin.m_1": "m1",
    "insulin.m_2": "m2",
    "insulin.m_4": "m4",
    "insulin.k_a1": "ka1",
    "insulin.k_a2": "ka2",
    "insulin.k_d": "kd",
}
SERIES = {"Gp_mg_dl": "glucose.G", "Gsub_mg_dl": "glucose.G_s", "Ip_pmol_l": "insulin.I"}
ATE_FOR_12_MINUTES = (
    give("eating", "5 g/min", start="60 min", stop="72 min")
    + give("first_bite", "5 g", at="60 min")
    + give("bite", "5 g", at="61 min", every="1 min", times=11)
)


@pytest.fixture(scope="module")
def patients(external) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for table in ("vpatient_params.csv", "Quest.csv"):
        with (external / "simglucose" / table).open(encoding="utf-8") as lines:
            for row in csv.DictReader(lines):
                found[row.pop("Name")] |= {key: float(cell) for key, cell in row.items()}
    return found


@pytest.fixture(scope="module")
def courses(external):
    def read(name: str) -> dict[str, dict[str, np.ndarray]]:
        found: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
        with gzip.open(external / "simglucose" / "reference" / f"{name}.csv.gz", "rt", encoding="utf-8") as lines:
            for row in csv.DictReader(lines):
                for key, cell in row.items():
                    found[row["patient"]][key].append(cell if key == "patient" else float(cell))
        return {patient: {key: np.array(cells) for key, cells in table.items()} for patient, table in found.items()}

    return read


def parameters(patient: dict[str, float]) -> dict[str, float]:
    return {name: patient[column] for name, column in NAMES.items()} | {"glucose.k_p4": 0.0}


def bolus(patient: dict[str, float]) -> Regimen:
    units = 60 / patient["CR"]
    return give("extra", f"{units * 6000 / patient['BW']} pmol/kg/min", start="60 min", stop="61 min")


def pump(patient: dict[str, float], times_basal: float, minutes: float) -> Regimen:
    return give("extra", f"{(times_basal - 1) * patient['u2ss']} pmol/kg/min", start="0 min", stop=f"{minutes} min")


@pytest.mark.parametrize(
    ("scenario", "regimen"),
    [
        ("fasting24h_basal", lambda patient: Regimen()),
        ("meal60g_nobolus", lambda patient: ATE_FOR_12_MINUTES),
        ("meal60g_bolus", lambda patient: ATE_FOR_12_MINUTES + bolus(patient)),
        ("basal_x1p3_24h", lambda patient: pump(patient, 1.3, 1440)),
        ("basal_x3_8h", lambda patient: pump(patient, 3.0, 480)),
    ],
)
def test_all_patients_of_the_open_simulator(patients, courses, scenario, regimen) -> None:
    for patient, expected in courses(scenario).items():
        known = patients[patient]
        found = simulate(
            uva_padova_2008(),
            regimen(known),
            end=float(expected["t_min"][-1]),
            every=5.0,
            parameters=parameters(known),
        )
        for column, series in SERIES.items():
            message = f"{patient} {column}"
            np.testing.assert_allclose(found[series].values, expected[column], rtol=1e-3, err_msg=message)


def test_units() -> None:
    assert check_units(uva_padova_2008()) == []
