"""From a record to a posterior, through the engine."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import numpy as np
import pytest
import xarray
from small_record import TEXT, short_stay

from insulinoma.calibrate.calibrate import calibrate
from insulinoma.calibrate.posterior import Posterior
from insulinoma.cli import main
from insulinoma.data import read_text
from insulinoma.errors import UsageError


@pytest.fixture(scope="module")
def posterior() -> Posterior:
    return calibrate(short_stay(), seed=1, draws=160)


def test_the_result_fits_its_schema_and_says_how_much_is_prior(posterior: Posterior) -> None:
    result = posterior.result
    jsonschema.validate(result, json.loads(read_text("schemas", "calibrate.schema.json")))
    count = len(result["parameters"])
    still = sum(not item["moved"] for item in result["parameters"].values())
    first = result["summary"][0]
    assert first.startswith(f"{still} of {count} uncertain parameters stay at their prior; measured, these would tell")
    assert all(item["test"] in first for item in result["worth_measuring"][:3])
    assert still > count / 2


def test_numbers_lie_where_they_were_read_and_statements_hold(posterior: Posterior) -> None:
    facts = posterior.result["facts"]
    assert set(facts) == {"size", "glucose", "insulin", "c-peptide", "later", "lows"}
    for name, check in facts.items():
        assert check["verdict"] == "agrees", name
    assert facts["later"]["probability"] > 0.8


def test_the_size_of_the_primary_halves_the_variance_of_its_prior(posterior: Posterior) -> None:
    size = posterior.result["parameters"]["tumor.d_primary"]
    assert size["posterior"]["median"] == pytest.approx(1.6, rel=0.1)
    assert 0.35 < size["contraction"] < 0.65


def test_nothing_of_another_treatment_is_uncertain_and_weight_is_known(posterior: Posterior) -> None:
    names = set(posterior.result["parameters"])
    assert not any(name.startswith(("octreotide", "right_lobe", "person.weight")) for name in names)
    assert posterior.problem.fixed == {"person.age": 50, "person.woman": 0, "person.weight": 84}


def test_saved_and_loaded_it_is_the_same(posterior: Posterior, tmp_path: Path) -> None:
    posterior.save(tmp_path / "short.nc")
    again = Posterior.load(tmp_path / "short.nc")
    assert again.result == posterior.result
    assert np.array_equal(again.z, posterior.z)
    assert again.problem.coordinates.names == posterior.problem.coordinates.names
    groups = {"posterior", "prior", "posterior_predictive", "prior_predictive", "log_likelihood", "observed_data"}
    assert groups <= set(again.tree.children)
    assert again.tree["posterior"]["tumor.d_primary"].dims == ("chain", "draw")
    assert {"record", "seed", "version", "regimen", "references", "method"} <= set(again.tree.attrs)


def test_a_file_that_is_no_calibration_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.nc").write_text("no", encoding="utf-8")
    xarray.Dataset({"a": 1}).to_netcdf(tmp_path / "other.nc", engine="h5netcdf")
    for name in ("text.nc", "other.nc", "none.nc"):
        with pytest.raises(UsageError):
            Posterior.load(tmp_path / name)


def test_a_record_against_itself_is_told_and_the_result_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = tmp_path / "case.yaml"
    # A tumor that secretes so much insulin secretes C-peptide as well, mole for mole.
    case.write_text(TEXT.replace("CPEPTIDE", "0.2"), encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["calibrate", str(case), "--draws", "80", "--json", "-o", str(tmp_path / "case.nc")])
    printed = capsys.readouterr()
    assert ended.value.code == 3
    assert "c-peptide (C-peptide 0.2 ng/mL) does not fit the other facts" in printed.err
    result = json.loads(printed.out)
    assert result["facts"]["c-peptide"]["verdict"] == "contradicted"
    assert Posterior.load(tmp_path / "case.nc").result["case"] == "short-stay"
