import json
import math
from pathlib import Path

import numpy as np
import polars
import pytest
import xarray

from insulinoma.errors import ComputationError, UsageError
from insulinoma.model.compose import compose
from insulinoma.model.library.dalla_man import dalla_man_2007
from insulinoma.model.subsystem import Input, Output, Parameter, State, Subsystem, event
from insulinoma.simulate.prepare import prepare
from insulinoma.simulate.program import Solver, program
from insulinoma.simulate.regimen import give
from insulinoma.simulate.solver import simulate
from insulinoma.simulate.stopping import Limit, StopRule


class Drug(Subsystem):
    """A drug in one compartment."""

    A = State("mg", "amount", initial=0.0)
    drip = Input("mg/min", "infusion", default=0.0)
    C = Output("mg/L", "concentration")
    k = Parameter(0.01, "1/min", "elimination", cv=0.2)
    V = Parameter(5.0, "L", "volume")

    def equations(self, y, p, u):
        return {"A": u.drip - p.k * y.A, "C": y.A / p.V}

    @event("mg", "a dose at once")
    def bolus(self, y, p, u, amount):
        return {"A": y.A + amount}


DRUG = compose("drug", {"drug": Drug()})


def test_boluses_and_drips_agree_with_the_closed_form() -> None:
    regimen = (
        give("bolus", "100 mg", at="7.3 min")
        + give("bolus", "50 mg", at="60 min")
        + give("drip", "2 mg/min", start="20.5 min", stop="41.25 min")
    )
    found = simulate(DRUG, regimen, end=200, every=1.0)
    time, k = found["time"].values, 0.01

    def decay(since: float) -> np.ndarray:
        return np.where(time >= since, np.exp(-k * (time - since)), 0.0)

    drip = 2 / k * (np.where(time >= 20.5, 1 - decay(20.5), 0) - np.where(time >= 41.25, 1 - decay(41.25), 0))
    expected = 100 * decay(7.3) + 50 * decay(60) + drip
    np.testing.assert_allclose(found["drug.A"].values, expected, rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(found["drug.C"].values, expected / 5, rtol=1e-8, atol=1e-9)
    assert found.ending.status == "completed"
    assert time[-1] == 200


def test_a_rule_ends_the_run_at_its_moment_and_is_named() -> None:
    low = StopRule("spent", "the drug is spent", (Limit("drug.C", 10.0),))
    never = StopRule("never", "it never happens", (Limit("drug.C", 10.0), Limit("drug.A", 1e9, side="above")))
    found = simulate(DRUG, give("bolus", "100 mg", at="0 min"), end=500, rules=(never, low))
    assert found.ending.status == "stopped"
    assert found.ending.ended_by == "spent"
    assert found.ending.minutes == pytest.approx(100 * math.log(2), abs=1e-6)
    assert float(found["drug.C"][-1]) == pytest.approx(10.0, abs=1e-7)
    assert found["time"].values[-2] == 65


def test_a_rule_that_is_met_from_the_start_ends_the_run_at_once() -> None:
    found = simulate(DRUG, end=500, rules=(StopRule("spent", "the drug is spent", (Limit("drug.C", 10.0),)),))
    assert (found.ending.status, found.ending.minutes) == ("stopped", 0.0)


class Explosion(Subsystem):
    """Reaches infinity in finite time."""

    A = State("1", "a state", initial=1.0)
    k = Parameter(1.0, "1/min", "rate", cv=0.1)
    idle = Parameter(1.0, "1/min", "unused")

    def equations(self, y, p, u):
        return {"A": p.k * y.A * y.A}


def test_a_failure_is_a_value_with_time_state_and_suspect() -> None:
    model = compose("explosion", {"it": Explosion()})
    found = simulate(model, end=10, parameters={"it.k": 2.0}, solver=Solver(max_steps=2000))
    assert found.ending.status == "failed"
    assert found.ending.minutes == pytest.approx(0.5, abs=1e-4)
    assert "it.A" in found.ending.message
    assert "it.k = 2 1/min (6.9 standard deviations)" in found.ending.message
    assert found.json()["failures"] == [found.ending.message]
    with pytest.raises(ComputationError, match=r"failed at 0\.5"):
        found.require()


def test_an_unknown_start_tells_the_nearest_name() -> None:
    with pytest.raises(UsageError, match=r"drug\.A"):
        simulate(DRUG, end=1, start={"drug.AA": 1.0})


def test_halving_the_tolerance_hardly_moves_glucose() -> None:
    meal = give("meal", "78 g", at="10 min")
    one = simulate(dalla_man_2007(), meal, end=300, solver=Solver(rtol=1e-7, atol=1e-8))
    two = simulate(dalla_man_2007(), meal, end=300, solver=Solver(rtol=0.5e-7, atol=0.5e-8))
    assert float(abs(one["glucose.G"] - two["glucose.G"]).max()) < 1e-4


def test_the_solvers_agree() -> None:
    regimen = give("bolus", "100 mg", at="0 min")
    ends = [simulate(DRUG, regimen, end=50, solver=Solver(m))["drug.A"][-1] for m in ("tsit5", "dopri8", "kvaerno5")]
    assert [float(end) for end in ends] == pytest.approx([100 * math.exp(-0.5)] * 3, rel=1e-7)


def test_the_solution_is_written_in_three_formats_and_as_json(tmp_path: Path) -> None:
    found = simulate(dalla_man_2007(), give("meal", "78 g", at="0 min"), end=60)
    for name in ("a.csv", "a.parquet", "a.nc"):
        found.write(tmp_path / name)
    table = polars.read_parquet(tmp_path / "a.parquet")
    assert table["glucose.G (mg/dL)"].to_list() == found["glucose.G"].values.tolist()
    assert polars.read_csv(tmp_path / "a.csv").columns == table.columns
    stored = xarray.load_dataset(tmp_path / "a.nc", engine="h5netcdf")
    assert stored["glucose.G"].attrs["units"] == "mg/dL"
    assert stored.attrs["status"] == "completed"
    shape = json.loads(json.dumps(found.json()))
    assert shape["series"]["glucose"]["unit"] == "mg/dL"
    assert shape["events"][0]["insulin_uu_ml"] == pytest.approx(float(found["insulin.I"][-1]) / 6.0)
    with pytest.raises(UsageError, match="no known format"):
        found.write(tmp_path / "a.xls")


def test_the_compiled_program_has_forward_derivatives() -> None:
    import jax

    meal = give("meal", "78 g", at="0 min")
    model = dalla_man_2007()
    given = prepare(model, meal, end=60.0, every=60.0)
    run = program(model, (), "tsit5", 10_000)

    def glucose(sensitivity: jax.Array) -> jax.Array:
        course = run({**given.parameters, "glucose.V_mx": sensitivity}, given.start, given.segments, (1e-9, 1e-10))
        return course.states[0, -1, list(model.states).index("glucose.G_p")]

    at = given.parameters["glucose.V_mx"]
    step = 1e-4 * at
    expected = (glucose(at + step) - glucose(at - step)) / (2 * step)
    assert float(jax.jacfwd(glucose)(at)) == pytest.approx(float(expected), rel=1e-4)
