"""Equality with numbers that other software computed on open traces (see ../shared/external/README.md)."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from insulinoma.assessment.glucose.metrics import GlycemicMetrics, glycemic_metrics
from insulinoma.assessment.glucose.series import GlucoseSeries
from insulinoma.record.io.cgm import CgmOptions, read_cgm, read_cgm_persons

IGLU_R = "iglu_reference/R_iglu_4.3.0_expected_5_subject.csv"
KINDS = {"level1": "lv1", "level1_exclusive": "lv1_excl", "level2": "lv2", "extended": "extended"}
R_METRICS = {
    "mean_mg_dl": ("mean_glu", "mean", 1e-9),
    "sd_mg_dl": ("sd_glu", "SD", 1e-9),
    "cv_percent": ("cv_glu", "CV", 1e-9),
    "gmi_percent": ("gmi", "GMI", 1e-9),
    "tbr_below_54_percent": ("below_percent", "below_54", 1e-9),
    "tbr_below_70_percent": ("below_percent", "below_70", 1e-9),
    "tir_70_180_percent": ("in_range_percent", "in_range_70_180", 1e-9),
    "modd_mg_dl": ("modd", "MODD", 1e-9),
    "mage_mg_dl": ("mage", "MAGE", 1e-9),
    "lbgi": ("lbgi", "LBGI", 1e-4),
}
# The stored table has ten digits.
PYTHON_METRICS = {
    "mean_mg_dl": "mean",
    "sd_mg_dl": "SD",
    "cv_percent": "CV",
    "gmi_percent": "GMI",
    "lbgi": "LBGI",
    "hbgi": "HBGI",
    "mage_mg_dl": "MAGE_ma",
    "modd_mg_dl": "MODD",
    "tbr_below_54_percent": "TBR54",
    "tbr_below_70_percent": "TBR70",
    "tir_70_180_percent": "TIR70_180",
}


def rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        yield from csv.DictReader(file)


def assess(path: Path, *, inclusive: bool = False) -> GlycemicMetrics:
    return glycemic_metrics(GlucoseSeries.from_readings(read_cgm(path)), inclusive=inclusive)


@pytest.fixture(scope="module")
def five(external: Path) -> dict[str, GlycemicMetrics]:
    found = read_cgm_persons(external / "cgm/iglu_reference/example_data_5_subject.csv")
    return {readings.subject: glycemic_metrics(GlucoseSeries.from_readings(readings)) for readings in found}


@pytest.fixture(scope="module")
def r_values(external: Path) -> dict[tuple[str, str, str], float]:
    return {
        (row["method"], row["id"], row["metric"]): float(row["value"] or "nan")
        for row in rows(external / "cgm" / IGLU_R)
        if row["kwargs"] == "{}"
    }


@pytest.mark.parametrize("name", R_METRICS)
def test_metrics_equal_r_iglu(
    name: str, five: dict[str, GlycemicMetrics], r_values: dict[tuple[str, str, str], float]
) -> None:
    method, metric, tolerance = R_METRICS[name]
    assert len(five) == 5
    for subject, metrics in five.items():
        assert metrics.values[name] == pytest.approx(r_values[method, subject, metric], abs=tolerance, rel=0)


def test_hbgi_equals_r_iglu_but_for_its_rounded_coefficient(
    five: dict[str, GlycemicMetrics], r_values: dict[tuple[str, str, str], float]
) -> None:
    rounded = 22.77 / (10 * 1.509**2)
    for subject, metrics in five.items():
        for name, metric in (("hbgi", "HBGI"), ("lbgi", "LBGI")):
            value = metrics.values[name]
            assert value is not None
            assert value * rounded == pytest.approx(r_values[name, subject, metric], abs=1e-12, rel=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_episodes_equal_r_iglu(
    kind: str, five: dict[str, GlycemicMetrics], r_values: dict[tuple[str, str, str], float]
) -> None:
    for subject, metrics in five.items():
        assert metrics.episodes is not None
        summary = metrics.episodes.summary(kind)
        key = f"{subject}|hypo|{KINDS[kind]}"
        assert summary.count == r_values["episode_calculation", key, "total_episodes"]
        assert summary.per_week == pytest.approx(7 * r_values["episode_calculation", key, "avg_ep_per_day"], abs=1e-9)
        expected = r_values["episode_calculation", key, "avg_ep_duration"]
        assert (summary.mean_minutes or 0.0) == pytest.approx(expected, abs=1e-9)


def test_thirteen_traces_equal_the_stored_numbers(external: Path) -> None:
    checked = 0
    for row in rows(external / "cgm/expected_iglu_python_0.4.3.csv"):
        metrics = assess(external / "cgm" / row["dataset"] / f"{row['id']}.csv")
        for name, column in PYTHON_METRICS.items():
            stored = float(row[column])
            digits = max(1e-9, 6e-10 * abs(stored))
            assert metrics.values[name] == pytest.approx(stored, abs=digits, rel=0), (row["id"], name)
        checked += 1
    assert checked == 13


def test_thirteen_traces_have_the_stored_episodes(external: Path) -> None:
    assessed: dict[tuple[str, str], GlycemicMetrics] = {}
    of_level = {level: kind for kind, level in KINDS.items()}
    checked = 0
    for row in rows(external / "cgm/expected_episodes_iglu_python_0.4.3.csv"):
        key = row["dataset"], row["id"]
        if row["type"] != "hypo":
            continue
        if key not in assessed:
            assessed[key] = assess(external / "cgm" / key[0] / f"{key[1]}.csv")
        episodes = assessed[key].episodes
        assert episodes is not None
        summary = episodes.summary(of_level[row["level"]])
        assert summary.count == int(row["total_episodes"]), (key, row["level"])
        assert summary.per_week == pytest.approx(7 * float(row["avg_ep_per_day"]), rel=1e-8)
        assert (summary.mean_minutes or 0.0) == pytest.approx(float(row["avg_ep_duration"]), rel=1e-8)
        checked += 1
    assert checked == 52


def test_inclusive_thresholds_equal_plain_arithmetic(external: Path) -> None:
    for row in rows(external / "cgm/expected_iglu_python_0.4.3.csv"):
        metrics = assess(external / "cgm" / row["dataset"] / f"{row['id']}.csv", inclusive=True)
        assert metrics.values["tbr_below_70_percent"] == pytest.approx(float(row["TBR70_inclusive"]), abs=1e-7)
        assert metrics.values["tbr_below_54_percent"] == pytest.approx(float(row["TBR54_inclusive"]), abs=1e-7)


def test_time_only_stamps_dated_on_request_give_the_dated_copy(external: Path) -> None:
    for name in ("case_1", "case_2", "case_20", "case_91"):
        options = CgmOptions(start_date=date(2000, 1, 1))
        made = read_cgm(external / f"cgm/Colas_2019_timeonly/{name}.csv", options)
        dated = read_cgm(external / f"cgm/Colas_2019/{name}.csv")
        assert made.start == dated.start
        assert made.minutes.tolist() == dated.minutes.tolist()
        assert made.values.tolist() == dated.values.tolist()


def test_the_sensor_floor_is_reported(external: Path) -> None:
    metrics = assess(external / "cgm/HUPA-UCM/HUPA0002P.csv")
    assert metrics.as_json()["flags"]["below_floor_percent"] == pytest.approx(100 * 185 / 3181)
    assert any("5.82 % of the readings are at or beyond the sensor's limits" in text for text in metrics.warnings)
    assert assess(external / "cgm/D1NAMO/001.csv").series.floor == 39.6
