"""What simulation-based calibration asks of every patient: the main parameters, and what follows from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from insulinoma.calibrate.problem import Problem
from insulinoma.model.compose import Model
from insulinoma.model.tumor import SITES

Floats = npt.NDArray[np.float64]
_RISE = 1.01
_ACTING = ("insulin_action.X", "insulin_action.L_f", "insulin_action.L_s")


def quantities(problem: Problem, z: Floats) -> dict[str, Floats]:
    """Quantities (lanes,) by name at coordinates (lanes, names); ablated fractions are of one embolization."""
    values = problem.parameters(z)
    volumes = {
        "primary": np.pi / 6 * values["tumor.d_primary"] ** 3,
        "right_lobe": values["tumor.V_liver"] * values["tumor.x_right"],
        "left_lobe": values["tumor.V_liver"] * (1 - values["tumor.x_right"]),
    }
    secretes = {site: volumes[site] * values[f"{site}_secretion.q"] for site in SITES if site in volumes}
    whole = np.sum(list(secretes.values()), axis=0)
    return {
        "secretion_rate": values["tumor_secretion.sigma"] * whole,
        "right_lobe_share": secretes["right_lobe"] / whole,
        "left_lobe_share": secretes["left_lobe"] / whole,
        "ablated_right": 1 - np.exp(-values["right_lobe.x_TAE"]),
        "ablated_left": 1 - np.exp(-values["left_lobe.x_TAE"]),
        "growth_rate": np.log(2) / values["tumor.VDT"],
        "insulin_sensitivity": insulin_sensitivity(problem.model, values),
        "glucose_storage": values["liver.r_L"],
        "glucose_production": values["liver.EGP_b"],
        "primary_diameter": values["tumor.d_primary"],
        "metastases_volume": values["tumor.V_liver"],
        "loss_of_sensitivity": values["insulin_action.kappa_P"],
        "amount_of_drip": values["amount.drip"],
    }


def insulin_sensitivity(model: Model, parameters: Mapping[str, Any]) -> Floats:
    """What a small lasting rise of insulin adds to glucose disposal less production at rest, by insulin and glucose.

    In dL/kg/min by pmol/L: muscle, fat and liver together, glucose held at its basal level, before
    sensitivity is lost. As the index of a euglycemic clamp, for a small step [DeFronzo1979].
    """
    values = model.parameter_values({name: value for name, value in parameters.items() if name in model.parameters})
    rest = model.at_rest(values)
    known = {**values, **rest, **model.input_values()}
    before, after = (
        model.evaluate({**known, **{name: rest[name] * rise for name in _ACTING}})[1] for rise in (1.0, _RISE)
    )
    gained = [after[name] - before[name] for name in ("glucose.R_d", "liver.EGP")]
    insulin = (_RISE - 1) * values["insulin.I_b"]
    found: Floats = np.asarray((gained[0] - gained[1]) / insulin / values["glucose.G_b"], dtype=np.float64)
    return found
