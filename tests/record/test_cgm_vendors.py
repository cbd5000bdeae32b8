from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from insulinoma.assessment.glucose.series import GlucoseSeries
from insulinoma.errors import InputError, UsageError
from insulinoma.record.io.cgm import VENDORS, CgmOptions, CgmReadings, read_cgm, read_cgm_persons

DATA = Path(__file__).parents[1] / "data" / "cgm"
FILES = {
    "dexcom_mg_dl.csv": ("dexcom", "mg/dL", 576),
    "dexcom_mmol_l.csv": ("dexcom", "mmol/L", 576),
    "libreview_mg_dl.csv": ("libreview", "mg/dL", 192),
    "libreview_mmol_l.csv": ("libreview", "mmol/L", 192),
    "carelink_us.csv": ("carelink", "mg/dL", 576),
    "carelink_eu.csv": ("carelink", "mmol/L", 576),
    "nightscout_entries.json": ("nightscout", "mg/dL", 576),
}


def plain(tmp_path: Path, text: str, name: str = "plain.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


def read_text(tmp_path: Path, text: str, **options: object) -> CgmReadings:
    return read_cgm(plain(tmp_path, text), CgmOptions(**options))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", FILES)
def test_each_vendor_gives_the_same_trace(name: str) -> None:
    vendor, unit, count = FILES[name]
    readings = read_cgm(DATA / name)
    reference = read_cgm(DATA / "dexcom_mg_dl.csv")
    assert (readings.vendor, readings.unit, len(readings.minutes)) == (vendor, unit, count)
    assert readings.start == datetime(2024, 3, 13, 18, 2)
    assert np.allclose(readings.minutes, np.arange(count) * (2880 / count))
    every = 576 // count
    factor = 1.0 if unit == "mg/dL" else 18.016
    inner = ~(readings.below | readings.above)
    assert np.abs(readings.values * factor - reference.values[::every])[inner].max() < 1.0
    assert readings.vendor in VENDORS


def test_low_and_high_are_censored_and_stand_at_the_limit() -> None:
    for name in ("dexcom_mg_dl.csv", "carelink_us.csv", "nightscout_entries.json"):
        readings = read_cgm(DATA / name)
        assert (int(readings.below.sum()), int(readings.above.sum())) == (13, 6)
        assert set(readings.values[readings.below]) == {40.0}
        assert set(readings.values[readings.above]) == {400.0}


def test_libre_reads_up_to_500_and_leaves_scans_out() -> None:
    readings = read_cgm(DATA / "libreview_mg_dl.csv")
    assert readings.ceiling == 500
    assert "12 scans were left out" in " ".join(readings.notes)


def test_a_change_of_sensor_is_flagged_as_warm_up() -> None:
    for name, count in (("dexcom_mg_dl.csv", 12), ("carelink_us.csv", 12), ("libreview_mg_dl.csv", 0)):
        series = GlucoseSeries.from_readings(read_cgm(DATA / name))
        assert int(series.warm_up.sum()) == count, name
    assert len(GlucoseSeries.from_readings(read_cgm(DATA / "dexcom_mg_dl.csv")).without(["warm-up"])) == 564


def test_nightscout_duplicates_and_error_codes_are_counted() -> None:
    notes = " ".join(read_cgm(DATA / "nightscout_entries.json").notes)
    assert "sensor error code instead of a glucose were left out: 1" in notes
    assert "2 readings repeat the time of an earlier row and were left out." in notes


@pytest.mark.parametrize(
    "text",
    [
        '[{"date": 1710349320000, "sgv": 120, "type": "sgv"}, {"date": 1710349620000, "sgv": 130}]',
        '{"entries": [{"date": 1710349320000, "sgv": 120}, {"date": 1710349620000, "sgv": 130}]}',
        '{"date": {"$numberLong": "1710349320000"}, "sgv": 120}\n{"date": "1710349620000", "sgv": 130}\n',
        '[{"dateString": "2024-03-13T17:02:00Z", "sgv": 120}, {"dateString": "2024-03-13T18:07:00+01:00", "sgv": 130}]',
        '[{"date": 1710349320, "sgv": 120}, {"date": 1710349620, "sgv": 130}]',
    ],
)
def test_shapes_of_nightscout(tmp_path: Path, text: str) -> None:
    readings = read_text(tmp_path, text, timezone="Europe/Berlin")
    assert readings.values.tolist() == [120, 130]
    assert readings.minutes.tolist() == [0, 5]
    assert readings.start == datetime(2024, 3, 13, 18, 2)


def test_plain_tables_in_both_units(tmp_path: Path) -> None:
    mass = read_text(tmp_path, "time,glucose_mg_dl\n2024-01-01 10:00,54\n2024-01-01 10:05,70\n")
    molar = read_text(tmp_path, "time;glucose_mmol_l\n2024-01-01 10:00;3,0\n2024-01-01 10:05;3,9\n")
    assert (mass.unit, mass.values.tolist()) == ("mg/dL", [54, 70])
    assert (molar.unit, molar.values.tolist()) == ("mmol/L", [3.0, 3.9])


def test_a_header_without_a_unit_is_said(tmp_path: Path) -> None:
    readings = read_text(tmp_path, "time,gl\n2024-01-01 10:00,54\n2024-01-01 10:05,70\n")
    assert "The header names no unit" in readings.notes[0]
    told = read_text(tmp_path, "time,gl\n2024-01-01 10:00,5.4\n2024-01-01 10:05,7\n", unit="mmol/l")
    assert (told.unit, told.notes) == ("mmol/L", ())


@pytest.mark.parametrize(("unit", "values"), [("mg_dl", (5.1, 6.2)), ("mmol_l", (91, 110))])
def test_numbers_in_the_other_unit_are_refused(tmp_path: Path, unit: str, values: tuple[float, float]) -> None:
    text = f"time,glucose_{unit}\n2024-01-01 10:00,{values[0]}\n2024-01-01 10:05,{values[1]}\n"
    with pytest.raises(InputError, match="look like"):
        read_text(tmp_path, text)


def test_blank_glucose_is_a_gap_and_duplicates_keep_the_first(tmp_path: Path) -> None:
    text = "time,glucose_mg_dl\n2024-01-01 10:10,90\n2024-01-01 10:00,80\n2024-01-01 10:05,\n2024-01-01 10:10,95\n"
    readings = read_text(tmp_path, text)
    assert readings.values.tolist() == [80, 90]
    assert readings.notes == (
        "1 readings repeat the time of an earlier row and were left out, 1 of them with another glucose.",
    )


def test_simulated_glucose_without_a_date(tmp_path: Path) -> None:
    readings = read_text(tmp_path, "time_min,glucose_mg_dl\n0,80\n5,70\n10,39.7\n")
    assert readings.start is None
    assert readings.minutes.tolist() == [0, 5, 10]
    assert not readings.below.any()


def test_bounds_written_as_such(tmp_path: Path) -> None:
    readings = read_text(
        tmp_path, "time,glucose_mg_dl\n2024-01-01 10:00,<50\n2024-01-01 10:05,70\n2024-01-01 10:10,>400\n"
    )
    assert readings.below.tolist() == [True, False, False]
    assert readings.above.tolist() == [False, False, True]
    assert (readings.floor, readings.ceiling) == (50, 400)


def test_several_persons_in_one_file(tmp_path: Path) -> None:
    path = plain(tmp_path, "id,time,gl\nA,2024-01-01 10:00,80\nB,2024-01-01 10:00,90\nA,2024-01-01 10:05,85\n")
    found = read_cgm_persons(path)
    assert [(one.subject, one.values.tolist()) for one in found] == [("A", [80, 85]), ("B", [90])]
    with pytest.raises(UsageError, match="2 persons"):
        read_cgm(path)


def test_wrong_usage_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="There is no file"):
        read_cgm(tmp_path / "nowhere.csv")
    path = plain(tmp_path, "time,gl\n2024-01-01 10:00,80\n")
    with pytest.raises(UsageError, match="Did you mean 'dexcom'"):
        read_cgm(path, CgmOptions(vendor="dexkom"))
    with pytest.raises(UsageError, match="not a time zone"):
        read_cgm(path, CgmOptions(timezone="Mars/Olympus"))
    with pytest.raises(UsageError, match="unit"):
        read_cgm(path, CgmOptions(unit="g/L"))
