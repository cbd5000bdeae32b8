"""The error of the batch engine over whole cohorts: python scripts/batch_error.py SUBJECT PATIENTS DAYS [SEED].

Random patients with meals, dextrose, embolization and chemotherapy are run at the two precisions and once more
in 64 bits with steps a thousandth of the error; some of them by the reference solver as well.
"""

from __future__ import annotations

import sys
import time
from typing import Any

import numpy as np

from insulinoma.simulate.batch import Batch, simulate_batch
from insulinoma.simulate.draws import draws
from insulinoma.simulate.regimen import Regimen, give
from insulinoma.simulate.solver import simulate
from insulinoma.simulate.subject import Subject, daily_meals, subject

TIGHT, CHECKED = 1e-6, 4


def table(who: Subject, patients: int, seed: int) -> dict[str, Any]:
    columns = draws(who, range(patients), seed=seed)
    return {name: column if np.ptp(column) else float(column[0]) for name, column in columns.items()}


def regimen(who: Subject, days: int) -> Regimen:
    orders = daily_meals(who, days=days) + give("dextrose_bolus", "25 g", at="day 1 03:00")
    orders += give("dextrose", "1 mg/kg/min", start="day 2 20:00", stop="day 3 06:00")
    if "right_lobe" in who.model.parts:
        orders += give("right_lobe.embolize", "1", at="day 5 09:00") + give(
            "left_lobe.embolize", "1", at="day 10 09:00"
        )
        orders += give("etoposide_cisplatin", "1", at="day 3 10:00", every="21 d", times=3)
    return orders


def difference(found: Batch, exact: Batch, slow: list[str]) -> str:
    glucose = np.abs(found.moments["glucose"].values - exact.moments["glucose"].values)
    worst = glucose.max(axis=1)
    shares = []
    for name in slow:
        true = exact.days[name].values
        largest = np.maximum(true.max(axis=1, keepdims=True), 1e-6)
        shares.append(np.nanmax(np.abs(found.days[name].values - true) / largest))
    lowest = np.abs(found.days["glucose_min"].values - exact.days["glucose_min"].values).max()
    return (
        f"glucose: largest {np.nanmax(worst):.4f} mg/dL, 99.9 % of patients {np.nanquantile(worst, 0.999):.4f}, "
        f"daily minimum {lowest:.4f}; slow states {max(shares, default=0.0):.1e}; "
        f"not finite {int(np.isnan(worst).sum())}, failures {len(found.failures)}"
    )


def main() -> None:
    who, patients, days = subject(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    parameters = table(who, patients, int(sys.argv[4]) if len(sys.argv) > 4 else 2026)
    orders = regimen(who, days)
    moments = np.arange(90.0, days * 1440.0, 180.0 if days > 50 else 60.0)
    slow = [name for name in who.model.states if name.endswith((".V", ".N")) and name.partition(".")[0] in SITES]
    asked: dict[str, Any] = {"days": days, "parameters": parameters, "start": dict(who.begin), "moments": moments}
    asked["follow"] = slow
    print(f"{who.name}: {patients} patients, {days} days", flush=True)
    exact = simulate_batch(who.model, orders, precision="float64", tolerance=TIGHT, **asked)
    print(f"tight: failures {len(exact.failures)}", flush=True)
    for precision in ("float32", "float64"):
        begin = time.process_time()
        found = simulate_batch(who.model, orders, precision=precision, **asked)
        speed = patients * days / (time.process_time() - begin)
        print(
            f"{precision}: {difference(found, exact, slow)}; {speed:.0f} patient-days by second of processor",
            flush=True,
        )
    for patient in range(CHECKED):
        one = {name: float(np.broadcast_to(value, patients)[patient]) for name, value in parameters.items()}
        reference = simulate(who.model, orders, end=14 * 1440.0, every=30.0, parameters=one, start=dict(who.begin))
        inside = moments[moments < 14 * 1440]
        glucose = reference["glucose.G"].interp(time=inside).values
        gap = np.abs(exact.moments["glucose"].values[patient, : len(inside)] - glucose).max()
        print(f"tight against the reference solver, patient {patient}: {gap:.5f} mg/dL", flush=True)


SITES = ("primary", "right_lobe", "left_lobe", "other")

if __name__ == "__main__":
    main()
