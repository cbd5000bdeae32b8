from __future__ import annotations

import json
import math
from datetime import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insulinoma.assessment.glucose.grid import glucose_grid
from insulinoma.assessment.glucose.mage import mage_moving_average
from insulinoma.assessment.glucose.metrics import METRIC_NAMES, glycemic_metrics
from insulinoma.assessment.glucose.series import GlucoseSeries
from insulinoma.assessment.glucose.thresholds import GlucoseThresholds, glucose_thresholds, mg_dl_factor
from insulinoma.assessment.toxicity import hypoglycemia_grade
from insulinoma.errors import UsageError
from insulinoma.record.fields import Source
from insulinoma.record.schema import Measurement

NAMES_OF_THE_DESIGN = {
    "mean_mg_dl", "sd_mg_dl", "cv_percent", "gmi_percent", "tbr_below_54_percent", "tbr_below_70_percent",
    "tir_70_180_percent", "tar_above_180_percent", "tar_above_250_percent", "lbgi", "hbgi", "mage_mg_dl",
    "modd_mg_dl", "coverage_percent", "episodes", "warnings", "definitions",
}  # fmt: skip

traces = st.integers(0, 2**32 - 1).map(
    lambda seed: np.round(np.clip(90 + np.cumsum(np.random.default_rng(seed).normal(0, 7, 700)) % 300 - 60, 20, 400), 1)
)


def regular(glucose: np.ndarray, *, first: float = 5.0, unit: str = "mg/dL") -> GlucoseSeries:
    return GlucoseSeries.from_arrays(first + 5.0 * np.arange(len(glucose)), glucose, unit=unit)


def test_the_names_of_the_design_are_there_and_the_json_is_json() -> None:
    result = glycemic_metrics(regular(np.linspace(50, 200, 600))).as_json()
    assert set(result) >= NAMES_OF_THE_DESIGN
    for kind in ("level1", "level2", "extended"):
        assert set(result["episodes"][kind]) == {"count", "per_week", "mean_minutes"}
    json.dumps(result, allow_nan=False)


def test_cut_offs_belong_to_the_range() -> None:
    values = glycemic_metrics(regular(np.array([53.9, 54, 69.9, 70, 180, 180.1, 250, 250.1, 100, 100]))).values
    assert values["tbr_below_54_percent"] == 10
    assert values["tbr_below_70_percent"] == 30
    assert values["tir_70_180_percent"] == 40
    assert values["tar_above_180_percent"] == 30
    assert values["tar_above_250_percent"] == 10


def test_millimoles_keep_their_own_cut_offs() -> None:
    values = glycemic_metrics(
        regular(np.array([2.9, 3.0, 3.8, 3.9, 10.0, 10.1, 13.9, 14.0, 6, 6]), unit="mmol/L")
    ).values
    assert values["tbr_below_54_percent"] == 10
    assert values["tbr_below_70_percent"] == 30
    assert values["tir_70_180_percent"] == 40
    assert values["tar_above_180_percent"] == 30
    assert values["tar_above_250_percent"] == 10


def test_known_arithmetic() -> None:
    values = glycemic_metrics(regular(np.array([80.0, 100, 120, 140] * 100))).values
    assert values["mean_mg_dl"] == 110
    assert values["sd_mg_dl"] == pytest.approx(np.std([80.0, 100, 120, 140] * 100, ddof=1))
    assert values["gmi_percent"] == pytest.approx(3.31 + 0.02392 * 110)
    assert values["coverage_percent"] == 100


def test_cut_offs_in_each_unit() -> None:
    assert glucose_thresholds("mmol/l") == GlucoseThresholds("mmol/L", 3.0, 3.9, 10.0, 13.9)
    assert glucose_thresholds("mg/dL") == GlucoseThresholds("mg/dL", 54.0, 70.0, 180.0, 250.0)
    with pytest.raises(UsageError, match="mg/dL or mmol/L"):
        glucose_thresholds("g/L")


@pytest.mark.parametrize(("value", "grade"), [(3.9, 0), (3.0, 1), (2.9, 2), (2.2, 2), (2.1, 3), (1.7, 3), (1.6, 4)])
def test_ctcae_grade_in_millimoles(value: float, grade: int) -> None:
    glucose = Measurement(analyte="glucose", value=value, unit="mmol/L", source=(Source("chart"),))
    assert hypoglycemia_grade(glucose) == grade


def test_nothing_is_computed_from_nothing() -> None:
    metrics = glycemic_metrics(GlucoseSeries.from_arrays([], []))
    assert set(metrics.values.values()) == {None}
    assert metrics.as_json()["episodes"]["level1"] == {"count": None, "per_week": None, "mean_minutes": None}
    assert metrics.warnings == ("No metric is computable: there is no reading.",)


def test_one_reading_has_a_mean_and_no_spread() -> None:
    values = glycemic_metrics(GlucoseSeries.from_arrays([0], [60])).values
    assert values["mean_mg_dl"] == 60
    assert values["sd_mg_dl"] is None
    assert values["tbr_below_70_percent"] is None


def test_sparse_laboratory_values_give_no_times() -> None:
    metrics = glycemic_metrics(GlucoseSeries.from_arrays([0, 400, 1300, 2900], [45, 80, 61, 90]))
    known = {name for name, value in metrics.values.items() if value is not None}
    assert known == {"mean_mg_dl", "sd_mg_dl", "cv_percent", "lbgi", "hbgi"}
    assert metrics.episodes is None
    assert any("stand for no known time" in warning for warning in metrics.warnings)


def test_under_a_day_there_is_no_modd_and_a_flat_trace_has_no_mage() -> None:
    metrics = glycemic_metrics(regular(np.full(200, 90.0)))
    assert metrics.values["modd_mg_dl"] is None
    assert metrics.values["mage_mg_dl"] is None
    assert {"MODD", "MAGE"} <= {warning.split()[0] for warning in metrics.warnings}


def test_simulated_glucose_is_not_censored() -> None:
    series = regular(np.full(100, 30.0))
    assert not series.below_floor.any()
    assert glycemic_metrics(series).as_json()["flags"]["floor_mg_dl"] is None


def test_flagged_readings_can_be_left_out() -> None:
    glucose = np.array([95.0] * 20 + [55.0] * 6 + [95.0] * 20)
    series = regular(glucose, first=60)
    assert int(series.compression_suspected.sum()) == 6
    assert glycemic_metrics(series.without(["compression"])).values["tbr_below_70_percent"] == 0
    with pytest.raises(UsageError, match="warm-up or compression"):
        series.without(["warmup"])


def test_a_series_refuses_what_is_no_series() -> None:
    for minutes, glucose in (
        ([0, 5], [80]),
        ([5, 0], [80, 80]),
        ([0, 5], [80, math.nan]),
        ([0, 0], [1, 2]),
        ([0], [-1]),
    ):
        with pytest.raises(UsageError):
            GlucoseSeries.from_arrays(minutes, glucose)


def test_mage_of_a_square_wave_is_its_height() -> None:
    wave = np.tile(np.repeat([80.0, 180.0], 40), 12)
    value = mage_moving_average(glucose_grid(5.0 * np.arange(1, len(wave) + 1), wave, 5))
    assert value == pytest.approx(100)


def test_mage_of_a_rounded_wave_is_twice_its_amplitude() -> None:
    wave = 130 + 40 * np.sin(np.arange(4032) / 24)
    assert mage_moving_average(glucose_grid(5.0 * np.arange(1, 4033), wave, 5)) == pytest.approx(80, abs=1)


@given(traces)
def test_shares_sum_to_a_hundred(glucose: np.ndarray) -> None:
    values = glycemic_metrics(regular(glucose)).values
    total = sum(values[name] or 0.0 for name in ("tbr_below_70_percent", "tir_70_180_percent", "tar_above_180_percent"))
    assert total == pytest.approx(100, abs=1e-9)
    assert (values["tbr_below_54_percent"] or 0.0) <= (values["tbr_below_70_percent"] or 0.0)


@given(traces, st.integers(0, 400))
def test_a_shift_in_time_leaves_the_metrics_alone(glucose: np.ndarray, days: int) -> None:
    here = glycemic_metrics(
        GlucoseSeries.from_arrays(5.0 * np.arange(len(glucose)), glucose, start=datetime(2024, 1, 1, 7))
    )
    there = glycemic_metrics(
        GlucoseSeries.from_arrays(
            9e3 + 5.0 * np.arange(len(glucose)), glucose, start=datetime(2000 + days % 90, 6, 1, 7)
        )
    )
    for name in METRIC_NAMES:
        assert here.values[name] == pytest.approx(there.values[name], rel=1e-9), name
    assert here.as_json()["episodes"]["level1"]["count"] == there.as_json()["episodes"]["level1"]["count"]


@given(traces, st.integers(1, 200))
def test_a_shift_on_the_clock_by_whole_steps_leaves_the_metrics_alone(glucose: np.ndarray, steps: int) -> None:
    here = glycemic_metrics(regular(glucose))
    there = glycemic_metrics(regular(glucose, first=5.0 + 5 * steps))
    for name in METRIC_NAMES:
        assert here.values[name] == pytest.approx(there.values[name], rel=1e-9), name


@given(traces)
def test_units_go_round(glucose: np.ndarray) -> None:
    factor = mg_dl_factor("mmol/L")
    here = glycemic_metrics(regular(glucose)).values
    there = glycemic_metrics(regular(glucose / factor, unit="mmol/L")).values
    for name in ("mean_mg_dl", "sd_mg_dl", "cv_percent", "gmi_percent", "lbgi", "hbgi", "mage_mg_dl", "modd_mg_dl"):
        assert here[name] == pytest.approx(there[name], rel=1e-9), name


@given(traces, st.sets(st.integers(0, 699), max_size=300))
def test_gaps_never_break_a_metric(glucose: np.ndarray, lost: set[int]) -> None:
    kept = np.array([at for at in range(700) if at not in lost])
    result = glycemic_metrics(GlucoseSeries.from_arrays(5.0 * kept + 5, glucose[kept])).as_json()
    json.dumps(result, allow_nan=False)
    assert 0 < result["coverage_percent"] <= 100
    assert result["episodes"]["extended"]["count"] <= result["episodes"]["level1"]["count"]
