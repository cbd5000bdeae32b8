import numpy as np

from insulinoma.simulate.population import drawn
from insulinoma.simulate.subject import subject


def test_draws_follow_the_declared_spread_and_bounds() -> None:
    who = subject("insulinoma")
    people = [drawn(who, number, seed=3).values for number in range(400)]
    logs = np.log([values["tumor_secretion.sigma"] for values in people])
    assert abs(np.median(logs) - np.log(194)) < 0.1
    assert 0.5 < logs.std() < 0.66
    assert 0.53 < np.mean([values["person.woman"] for values in people]) < 0.67
    for name, prior in who.priors.items():
        if not name.startswith(("person.weight", "person.height")):
            assert all(prior.low <= values[name] <= prior.high for values in people), name
    men = [values["person.weight"] for values in people if not values["person.woman"]]
    women = [values["person.weight"] for values in people if values["person.woman"]]
    assert 1.1 < np.median(men) / np.median(women) < 1.35


def test_a_patient_depends_on_seed_and_number_alone() -> None:
    who = subject("healthy-woman")
    assert drawn(who, 5, seed=1) == drawn(who, 5, seed=1)
    assert drawn(who, 5, seed=1) != drawn(who, 5, seed=2)
    assert drawn(who, 5, seed=1) != drawn(who, 6, seed=1)
    fixed = drawn(who, 5, seed=1, fixed={"glucose.G_b": 90.0}).values
    assert fixed["glucose.G_b"] == 90.0
    assert fixed["liver.EGP_b"] == drawn(who, 5, seed=1).values["liver.EGP_b"]
