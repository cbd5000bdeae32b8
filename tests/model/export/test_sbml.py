import numpy as np
import pytest

from insulinoma.errors import ComputationError
from insulinoma.model.compose import compose
from insulinoma.model.export.sbml import sbml
from insulinoma.model.library.dalla_man import SBML_DEVIATIONS, SBML_START, dalla_man_2007
from insulinoma.model.library.topp import topp_2000
from insulinoma.model.library.uva_padova_2008 import uva_padova_2008
from insulinoma.model.subsystem import Parameter, State, Subsystem
from insulinoma.record.load import load_case
from insulinoma.simulate.case_regimen import course
from insulinoma.simulate.program import Solver
from insulinoma.simulate.protocol import protocol
from insulinoma.simulate.protocols import PROTOCOLS
from insulinoma.simulate.regimen import Regimen, give
from insulinoma.simulate.schedule import changes, schedule
from insulinoma.simulate.solver import simulate
from insulinoma.simulate.subject import habitual_state, subject

roadrunner = pytest.importorskip("roadrunner")
TIGHT = Solver(rtol=1e-10, atol=1e-11)
DRIP_AND_MEALS = (
    give("meal", "78 g", at="0 min")
    + give("infusion", "2 mg/kg/min", start="60 min", stop="120 min")
    + give("meal", "20 g", at="120 min")
)
EATEN = give("eating", "5 g/min", start="60 min", stop="72 min") + give("first_bite", "60 g", at="60 min")


def road(model, regimen: Regimen, end: float, points: int, **options) -> dict[str, np.ndarray]:
    runner, names = started(model, regimen, end, (1e-11, 1e-13), **options)
    found = np.asarray(runner.simulate(0, end, points))
    return {name: found[:, column] for column, name in enumerate(["time", *names])}


def road_by_days(model, regimen: Regimen, days: int, every: float, **options) -> dict[str, np.ndarray]:
    """The other simulator fails once a drug that was eliminated underflows; so it goes to zero at midnight."""
    runner, names = started(model, regimen, 1440.0 * days, (1e-10, 1e-9), **options)
    rows = []
    for day in range(days):
        rows.append(np.asarray(runner.simulate(1440 * day, 1440 * (day + 1), round(1440 / every) + 1))[:-1])
        for name in (state.replace(".", "__") for state in model.states):
            if 0 < abs(runner[name]) < 1e-20:
                runner[name] = 0.0
    found = np.concatenate(rows)
    return {name: found[:, column] for column, name in enumerate(["time", *names])}


def started(model, regimen: Regimen, end: float, tolerance: tuple[float, float], **options):
    text = sbml(model, changes=changes(model, schedule(model, regimen, end)), **options)
    runner = roadrunner.RoadRunner(text)
    runner.integrator.relative_tolerance, runner.integrator.absolute_tolerance = tolerance
    runner.integrator.maximum_num_steps = 1_000_000
    names = [*model.states, *model.outputs]
    runner.timeCourseSelections = ["time", *(name.replace(".", "__") for name in names)]
    return runner, names


def agree(ours, theirs: dict[str, np.ndarray]) -> None:
    """To 1e-6 of each value, and of the largest where it is far smaller."""
    for name in ours.data.data_vars:
        expected = theirs[str(name)][1:]
        floor = 1e-6 * max(1e-3, float(np.max(np.abs(expected))))
        values = ours[str(name)].values[1 : 1 + len(expected)]
        np.testing.assert_allclose(values, expected, rtol=1e-6, atol=floor, err_msg=str(name))


@pytest.mark.parametrize(
    ("model", "regimen", "end", "options"),
    [
        (dalla_man_2007(), DRIP_AND_MEALS, 420.0, {}),
        (
            dalla_man_2007(),
            give("meal", "78 g", at="30 min"),
            420.0,
            {"parameters": SBML_DEVIATIONS, "start": SBML_START},
        ),
        (dalla_man_2007(), Regimen(), 600.0, {"start": {"glucose.G_p": 300.0}}),
        (uva_padova_2008(), EATEN + give("extra", "40 pmol/kg/min", start="55 min", stop="60 min"), 480.0, {}),
        (topp_2000(), Regimen(), 20 * 1440.0, {"start": {"glucose.G": 250.0, "islets.B": 37.0}}),
    ],
)
def test_another_simulator_gives_the_same_course(model, regimen, end, options) -> None:
    every = 10.0 if end < 2000 else 1440.0
    ours = simulate(model, regimen, end=end, every=every, solver=TIGHT, **options)
    theirs = road(model, regimen, end, round(end / every) + 1, **options)
    agree(ours, theirs)


HEALTHY = [name for name, test in PROTOCOLS.items() if name != "cgm-14d" and not test.needs]
ILL = ["ogtt-75g", "mixed-meal", "dextrose-25g-iv", "glucagon-1mg-iv", "glucagon-1mg-im", "euglycemic-clamp"]
ILL += ["inpatient-day", "octreotide-test", "diazoxide-trial", "resection"]
RUNS = [(who, name) for who in ("healthy-man", "healthy-woman") for name in HEALTHY]
RUNS += [(who, name) for who in ("insulinoma", "malignant-insulinoma", "muro-2014") for name in ILL]
RUNS += [(who, "embolization") for who in ("malignant-insulinoma", "muro-2014")]


@pytest.mark.slow
@pytest.mark.parametrize(("who", "name"), RUNS)
def test_another_simulator_gives_every_protocol_of_the_twin(who: str, name: str) -> None:
    test, person = protocol(name), subject(who)
    model, regimen = test.model(person), test.regimen(person)
    start = habitual_state(person, hours_fasted=test.hours(person))
    options = {"parameters": dict(person.parameters), "start": start}
    every = 10.0 if test.minutes < 5000 else 120.0
    ours = simulate(model, regimen, end=test.minutes, every=every, solver=TIGHT, **options)
    agree(ours, road(model, regimen, test.minutes, round(test.minutes / every) + 1, **options))


@pytest.mark.slow
def test_another_simulator_gives_the_whole_course_of_the_index_case() -> None:
    test, person = course(load_case()), subject("muro-2014")
    regimen = test.regimen(person)
    start = habitual_state(person, hours_fasted=test.hours(person))
    options = {"parameters": dict(person.parameters), "start": start}
    ours = simulate(person.model, regimen, end=test.minutes, every=360.0, solver=TIGHT, **options)
    agree(ours, road_by_days(person.model, regimen, round(test.minutes / 1440), 360.0, **options))


class NoVolume(Subsystem):
    """An amount added to a concentration."""

    C = State("mg/L", "concentration", initial=10.0)
    k = Parameter(0.1, "1/min", "elimination")
    dose = Parameter(3.0, "mg/min", "input")

    def equations(self, y, p, u):
        return {"C": p.dose - p.k * y.C}


def test_a_unit_fault_never_leaves_the_house() -> None:
    with pytest.raises(ComputationError, match="libSBML finds faults"):
        sbml(compose("no_volume", {"it": NoVolume()}))
