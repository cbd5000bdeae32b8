from dataclasses import replace

import pytest

from insulinoma.errors import UsageError
from insulinoma.simulate.protocol import protocol
from insulinoma.simulate.protocols import PROTOCOLS
from insulinoma.simulate.subject import Subject, subject

WOMAN = subject("healthy-woman")


@pytest.mark.parametrize("name", PROTOCOLS)
def test_a_healthy_woman_completes_every_test(name: str) -> None:
    found = protocol(name).run(WOMAN)
    assert (found.ending.status, found.ending.ended_by) == ("completed", "completed")
    assert found.ending.minutes == PROTOCOLS[name].minutes
    assert found.origin["protocol"] == name


def test_a_tumor_ends_the_fast_and_the_rule_is_told() -> None:
    patient = replace(subject("healthy-man"), name="tumor", parameters=(("tumor.sigma", 3.0),))
    found = protocol("fast-72h").run(patient)
    assert (found.ending.status, found.ending.ended_by) == ("stopped", "hypoglycemia")
    assert 60 < found.ending.minutes < 4320
    last = found.last()
    assert last["rule"] == "plasma glucose below 55 mg/dL with symptoms"
    assert 45 < last["glucose_mg_dl"] < 55.001
    assert last["insulin_uu_ml"] > 6
    assert last["c_peptide_ng_ml"] > 0.6


@pytest.mark.parametrize(("name", "target"), [("euglycemic-clamp", 90.0), ("hypoglycemic-clamp", 50.0)])
def test_a_clamp_holds_its_target_and_balances(name: str, target: float) -> None:
    found = protocol(name).run(WOMAN)
    end = {str(key): float(series[-1]) for key, series in found.data.data_vars.items()}
    assert end["glucose.G"] == pytest.approx(target, abs=1.0)
    assert end["clamp.clamp"] + end["liver.EGP"] == pytest.approx(end["glucose.R_d"] + end["glucose.E"], abs=0.3)
    assert end["clamp.clamp"] > 0.5


def test_a_protocol_can_start_where_another_ended() -> None:
    fast = protocol("fast-72h").run(WOMAN)
    end = {name: float(fast[name][-1]) for name in WOMAN.model.states}
    found = protocol("glucagon-1mg-iv").run(WOMAN, start=end)
    assert float(found["glucose.G"][0]) == pytest.approx(float(fast["glucose.G"][-1]))


def test_unknown_names_tell_the_nearest() -> None:
    with pytest.raises(UsageError, match="Did you mean 'fast-72h'"):
        protocol("fast-72")
    with pytest.raises(UsageError, match="Did you mean 'healthy-woman'"):
        subject("healthy-women")


def test_subjects_are_values() -> None:
    assert Subject("a") == Subject("a")
