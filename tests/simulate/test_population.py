import numpy as np
import pytest

from insulinoma.simulate.draws import correlations, drawn, draws
from insulinoma.simulate.population_run import run_population
from insulinoma.simulate.program import Solver
from insulinoma.simulate.protocol import protocol
from insulinoma.simulate.subject import subject
from insulinoma.simulate.validation.cohort import cohort

WHO = subject("insulinoma")
MANY = draws(WHO, range(4000), seed=3)


def test_draws_follow_the_declared_spread_and_bounds() -> None:
    for name, prior in WHO.priors.items():
        assert (prior.low <= MANY[name]).all(), name
        if not name.startswith(("person.weight", "person.height")):
            assert (prior.high >= MANY[name]).all(), name
    for name in ("tumor_secretion.sigma", "liver.kappa_N", "insulin.CL_h"):
        logs, prior = np.log(MANY[name]), WHO.priors[name]
        assert np.median(logs) == pytest.approx(np.log(prior.value), abs=4 * prior.log_spread / 4000**0.5)
        assert logs.std() == pytest.approx(prior.log_spread, rel=0.06)
    for name in ("person.woman", "octreotide.SSTR2", "diazoxide.responds"):
        assert MANY[name].mean() == pytest.approx(WHO.priors[name].share, abs=0.03)
    man = MANY["person.woman"] == 0
    assert 1.15 < np.median(MANY["person.weight"][man]) / np.median(MANY["person.weight"][~man]) < 1.28


def test_draws_have_the_declared_correlations_and_no_others() -> None:
    pairs = {pair[:2]: pair[2] for pair in correlations("insulinoma")}
    for (one, other), value in pairs.items():
        if WHO.priors[one].share is None:
            assert np.corrcoef(np.log(MANY[one]), np.log(MANY[other]))[0, 1] == pytest.approx(value, abs=0.05)
        else:
            strong = MANY[other][MANY[one] == 1].mean() / MANY[other][MANY[one] == 0].mean()
            assert (strong > 1.1) == (value > 0)
    assert abs(np.corrcoef(np.log(MANY["liver.g_V"]), np.log(MANY["tumor_secretion.sigma"]))[0, 1]) < 0.05


def test_a_patient_depends_on_seed_and_number_alone() -> None:
    assert drawn(WHO, 5, seed=3).values == {name: float(values[5]) for name, values in MANY.items()}
    assert draws(WHO, [4711, 5], seed=3)["liver.g_V"][1] == MANY["liver.g_V"][5]
    assert drawn(WHO, 5, seed=1) != drawn(WHO, 5, seed=2)
    assert drawn(WHO, 5, seed=1) != drawn(WHO, 6, seed=1)
    fixed = drawn(WHO, 5, seed=3, fixed={"glucose.G_b": 90.0}).values
    assert fixed["glucose.G_b"] == 90.0
    assert fixed["liver.EGP_b"] == MANY["liver.EGP_b"][5]


def test_a_patient_is_the_same_person_in_a_larger_model() -> None:
    small, large = draws(subject("healthy-woman"), range(3), seed=3), draws(WHO, range(3), seed=3)
    assert (small["liver.EGP_b"] == large["liver.EGP_b"]).all()


@pytest.mark.parametrize("name", ["fast-72h", "ogtt-75g"])
def test_a_population_ends_its_tests_where_single_patients_do(name: str) -> None:
    test = protocol(name)
    found = run_population(WHO, test, patients=2, seed=3)
    for event in found.events:
        person = drawn(WHO, event["patient"], seed=3)
        alone = test.run(person, solver=Solver(rtol=1e-6, atol=1e-8))
        for key, expected in {**alone.last(), "patient": event["patient"]}.items():
            assert event[key] == (expected if isinstance(expected, str) else pytest.approx(expected, rel=2e-3)), key
        running = found.data["time"] <= event["time_minutes"]
        glucose = found.data["glucose"].sel(patient=event["patient"]).values
        assert (np.isfinite(glucose) == running.values).all()


@pytest.mark.slow
def test_the_population_has_the_fasts_and_hormones_it_was_calibrated_to() -> None:
    patients = cohort("benign", 64)
    hours = np.array([one.hours for one in patients])
    assert 0.27 < np.mean(hours <= 12) < 0.65
    assert 0.5 < np.mean(hours <= 24) < 0.83
    assert np.mean(hours <= 48) > 0.86
    ends = [one.fast.last() for one in patients if one.stopped]
    assert 20 < np.mean([end["insulin_uu_ml"] for end in ends]) < 50
    assert 3 < np.mean([end["c_peptide_ng_ml"] for end in ends]) < 6.5
