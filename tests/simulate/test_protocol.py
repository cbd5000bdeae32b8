from dataclasses import replace

import pytest

from insulinoma.errors import UsageError
from insulinoma.simulate.protocol import protocol
from insulinoma.simulate.protocols import PROTOCOLS
from insulinoma.simulate.subject import Subject, subject

WOMAN = subject("healthy-woman")


NAMES = [
    "fast-72h", "ogtt-75g", "mixed-meal", "ivgtt", "euglycemic-clamp", "hypoglycemic-clamp", "dextrose-25g-iv",
    "glucagon-1mg-iv", "glucagon-1mg-im", "c-peptide-suppression", "octreotide-test", "diazoxide-trial", "resection",
    "embolization", "cgm-14d", "inpatient-day",
]  # fmt: skip


def test_all_tests_of_the_field_are_there() -> None:
    assert sorted(PROTOCOLS) == sorted(NAMES)


@pytest.mark.parametrize("name", [name for name, test in PROTOCOLS.items() if not test.needs])
def test_a_healthy_woman_completes_every_test(name: str) -> None:
    found = protocol(name).run(WOMAN)
    assert (found.ending.status, found.ending.ended_by) == ("completed", "completed")
    assert found.ending.minutes == PROTOCOLS[name].minutes
    assert found.origin["protocol"] == name


@pytest.mark.parametrize("name", ["octreotide-test", "diazoxide-trial", "resection", "embolization"])
def test_what_needs_a_tumor_says_who_has_none(name: str) -> None:
    with pytest.raises(UsageError, match=f"'{name}' needs a tumor, and 'healthy-woman' has none"):
        protocol(name).run(WOMAN)


def test_embolization_needs_metastases() -> None:
    with pytest.raises(UsageError, match="Expected malignant-insulinoma or muro-2014"):
        protocol("embolization").run(subject("insulinoma"))


@pytest.mark.slow
def test_a_benign_insulinoma_in_the_tests_of_the_field() -> None:
    who = subject("insulinoma")
    fast = protocol("fast-72h").run(who)
    assert fast.ending.ended_by == "hypoglycemia"
    assert 6 * 60 < fast.ending.minutes < 48 * 60
    assert fast.last()["insulin_uu_ml"] > 6
    cured = protocol("resection").run(who)
    assert float(cured["glucose.G"][-1]) > 80
    assert float(cured["burden.V_tumor"][-1]) == pytest.approx(0, abs=1e-9)
    treated = protocol("diazoxide-trial").run(who)
    assert float(treated["insulin.I"][-1]) < 0.85 * float(treated["insulin.I"][0])


@pytest.mark.slow
def test_the_index_case_before_and_after_embolization_of_the_right_lobe() -> None:
    found = protocol("embolization").run(subject("muro-2014"))
    day = {
        label: found.data.sel(time=time, method="nearest") for label, time in (("before", 1440), ("after", 2 * 1440))
    }
    assert float(day["before"]["glucose.G"]) == pytest.approx(54, abs=4)
    assert float(day["before"]["insulin.I"]) / 6 == pytest.approx(67.5, abs=10)
    assert float(day["after"]["glucose.G"]) > float(day["before"]["glucose.G"]) + 5
    assert float(found["glucose.G"][2 * 96 :].min()) > 54


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
    # Clamps on people vary by less than 5 %.
    assert end["glucose.G"] == pytest.approx(target, rel=0.025)
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
