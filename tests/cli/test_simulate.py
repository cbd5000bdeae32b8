"""`insulinoma simulate` and `insulinoma model`, from the command line to the files they write."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars
import pytest
import xarray

from insulinoma import __version__
from insulinoma.cli import main

FAST = ("simulate", "--subject", "healthy-man", "--protocol", "ivgtt")


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    printed = capsys.readouterr()
    return int(ended.value.code or 0), printed.out, printed.err


def result(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    code, out, err = run(capsys, *arguments, "--json")
    assert code == 0, err
    found: dict[str, Any] = json.loads(out)
    return found


def test_one_patient_has_series_with_units(capsys: pytest.CaptureFixture[str]) -> None:
    found = result(capsys, *FAST)
    expected = ("healthy-man", "ivgtt", 1, 0, __version__, "completed")
    assert tuple(found[key] for key in ("subject", "protocol", "patients", "seed", "version", "status")) == expected
    series = found["series"]
    assert series["time"]["unit"] == "min"
    assert series["time"]["values"][-1] == 180
    assert {series[name]["unit"] for name in ("glucose", "insulin", "c_peptide")} == {"mg/dL", "pmol/L"}
    assert len({len(item["values"]) for item in series.values()}) == 1
    assert found["failures"] == []
    assert found["events"][0]["ended_by"] == "completed"


def test_glucose_in_the_unit_that_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    mass, molar = result(capsys, *FAST), result(capsys, *FAST, "--glucose-unit", "mmol/L")
    assert molar["series"]["glucose"]["unit"] == "mmol/L"
    first = mass["series"]["glucose"]["values"][0] / molar["series"]["glucose"]["values"][0]
    assert first == pytest.approx(18.016, rel=1e-3)
    assert molar["events"][0]["glucose_mg_dl"] == mass["events"][0]["glucose_mg_dl"]


def test_many_patients_have_percentiles_and_one_event_each(capsys: pytest.CaptureFixture[str]) -> None:
    found = result(capsys, *FAST, "--patients", "5", "--seed", "7")
    assert (found["patients"], found["seed"], found["status"], found["failures"]) == (5, 7, "completed", [])
    glucose = found["summary"]["glucose"]
    assert list(glucose["percentiles"]) == ["2.5", "25", "50", "75", "97.5"]
    table = np.array(list(glucose["percentiles"].values()))
    assert table.shape == (5, len(found["summary"]["time"]["values"]))
    assert (np.diff(table, axis=0) >= 0).all()
    assert [event["patient"] for event in found["events"]] == list(range(5))
    for event in found["events"]:
        assert {"ended_by", "time_minutes", "glucose_mg_dl", "insulin_uu_ml", "c_peptide_ng_ml"} <= set(event)


def test_a_patient_is_the_same_in_any_batch(capsys: pytest.CaptureFixture[str]) -> None:
    few, many = (result(capsys, *FAST, "--patients", n, "--seed", "7")["events"] for n in ("2", "5"))
    assert few == many[:2]
    assert few[0]["glucose_mg_dl"] != few[1]["glucose_mg_dl"]


def test_text_is_short_and_says_how_it_ended(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, *FAST)
    assert (code, err) == (0, "")
    assert len(out.splitlines()) < 25
    assert "Completed at 180 min." in out
    code, out, err = run(capsys, *FAST, "--patients", "3")
    assert "3 of 3 patients" in err
    assert "97.5 %" in out


@pytest.mark.parametrize("patients", ["1", "3"])
def test_files_of_three_kinds_hold_the_same(capsys: pytest.CaptureFixture[str], tmp_path: Path, patients: str) -> None:
    for ending in ("csv", "parquet", "nc"):
        assert run(capsys, *FAST, "--patients", patients, "-o", str(tmp_path / f"x.{ending}"))[0] == 0
    table, columns = polars.read_csv(tmp_path / "x.csv"), polars.read_parquet(tmp_path / "x.parquet")
    data = xarray.open_dataset(tmp_path / "x.nc", engine="h5netcdf")
    name = "glucose.G" if patients == "1" else "glucose"
    assert data[name].attrs["units"] == "mg/dL"
    for other in (table, columns):
        np.testing.assert_allclose(other[f"{name} (mg/dL)"].to_numpy(), data[name].values.ravel(), rtol=1e-12)


def test_a_change_and_a_regimen_act(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    orders = tmp_path / "sugar.yaml"
    orders.write_text("regimen:\n- {give: drink, amount: 75 g, at: 60 min}\n", encoding="utf-8")
    asked = ("simulate", "--subject", "healthy-man", "--regimen", str(orders))
    found, changed = result(capsys, *asked), result(capsys, *asked, "--set", "glucose.G_b=100")
    assert found["protocol"] == "sugar"
    assert found["series"]["time"]["values"][-1] == 1500
    assert max(found["series"]["glucose"]["values"]) > 130
    assert changed["series"]["glucose"]["values"][0] > found["series"]["glucose"]["values"][0] + 3


def test_a_change_may_come_in_another_unit(capsys: pytest.CaptureFixture[str]) -> None:
    grams, kilograms = (result(capsys, *FAST, "--set", f"person.weight={text}") for text in ("80000 g", "80"))
    assert grams["series"] == kilograms["series"]


def test_the_course_of_a_case_is_run_by_default_and_says_what_it_assumes(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "simulate")
    assert code == 0
    assert "muro-2014, course: the course of muro-2014 by its record, from day 0 to day 157" in out
    assert "Completed at 157.0 d." in out
    assert "assumed, high-calorie-infusion: no rate is reported" in out
    assert "left out, biopsy-liver: the model has no biopsy" in out


def test_a_failed_run_is_written_and_ends_with_three(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, *FAST, "--set", "symptoms.tau_n=0", "--json")
    assert code == 3
    found = json.loads(out)
    assert found["status"] == "failed"
    assert found["failures"] == [err.strip()]
    assert "symptoms.tau_n = 0 min" in err
    code, out, err = run(capsys, *FAST, "--set", "symptoms.tau_n=0", "--patients", "2", "--json")
    assert (code, json.loads(out)["status"], len(json.loads(out)["failures"])) == (3, "failed", 2)


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("--subject", "healthy-men"), "Did you mean 'healthy-man'"),
        (("--subject", "healthy-man", "--protocol", "ogtt-75"), "Did you mean 'ogtt-75g'"),
        (("--subject", "healthy-man", "--set", "glucose.Gb=95"), "Did you mean 'glucose.G_b'"),
        (("--subject", "healthy-man", "--set", "glucose.G_b"), "NAME=VALUE"),
        (("--subject", "healthy-man", "--set", "glucose.V_G=-1"), "Expected 0 or more dL/kg"),
        (("--subject", "healthy-man", "--set", "person.weight=120 cm"), "Expected kg, or none"),
        (("--subject", "muro-2014", "--set", "tumor.x_right=1.2"), "Expected 0 to 0.95"),
        (("--subject", "healthy-man", "--protocol", "course"), "'course' is that of a case"),
        (("--subject", "healthy-man", "--protocol", "resection"), "'healthy-man' has none"),
        (("--subject", "healthy-man", "-o", "x.xlsx"), "no known format"),
    ],
)
def test_a_wrong_name_tells_the_nearest(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], hint: str
) -> None:
    code, out, err = run(capsys, "simulate", *arguments)
    assert (code, out) == (2, "")
    assert hint in err


def test_parameters_tell_what_they_rest_on(capsys: pytest.CaptureFixture[str]) -> None:
    found = result(capsys, "model", "parameters", "--subject", "insulinoma")
    rows = {row["name"]: row for row in found["parameters"]}
    assert rows["tumor_drive.phi"]["value"] == 0.22
    assert rows["tumor_drive.phi"]["status"] == "fit"
    assert rows["liver.EGP_b"]["reference"] == "Taylor1996"
    assert all(row["status"] and row["meaning"] and row["unit"] for row in rows.values())
    code, out, _ = run(capsys, "model", "parameters", "--part", "liver")
    assert code == 0
    assert "of them assumptions." in out


def test_model_list_names_subjects_and_protocols(capsys: pytest.CaptureFixture[str]) -> None:
    found = result(capsys, "model", "list")
    assert len(found["protocols"]) == 16
    assert {"healthy-woman", "healthy-man", "insulinoma", "malignant-insulinoma", "muro-2014"} == {
        item["name"] for item in found["subjects"]
    }


def test_equations_and_exports(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, _ = run(capsys, "model", "equations", "--part", "insulin")
    assert code == 0
    assert r"\frac{dI_{l}}{dt}" in out
    assert run(capsys, "model", "equations", "--part", "lver")[0] == 2
    target = tmp_path / "model.xml"
    assert run(capsys, "model", "export", "--to", "sbml", "--subject", "healthy-man", "-o", str(target))[0] == 0
    assert "<sbml" in target.read_text(encoding="utf-8")
    assert run(capsys, "model", "export", "--to", "latex", "--subject", "healthy-man")[1].startswith(r"\section")
