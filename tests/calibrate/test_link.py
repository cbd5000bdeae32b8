"""What the emulator fits in place of the level of a marker, and what facts read."""

from __future__ import annotations

import numpy as np
import pytest
from small_record import TEXT

from insulinoma.calibrate.coordinates import uncertain
from insulinoma.calibrate.facts.course import Course
from insulinoma.calibrate.facts.quantity import AtTime, Ratio
from insulinoma.calibrate.facts.readings import Readings
from insulinoma.calibrate.link import Link
from insulinoma.calibrate.problem import Problem, problem_of
from insulinoma.calibrate.sampling.noise import noise
from insulinoma.model.subsystem import Parameter
from insulinoma.record.io.yaml import parse_yaml
from insulinoma.record.validate import build_record

MARKER = "- {id: nse, analyte: nse, value: 30, unit: ng/mL, when: day 1, source: chart}\n"
LATER = "- {id: fell, analyte: nse, direction: decreased, when: day 2, source: chart}\nfindings:"


@pytest.fixture(scope="module")
def problem() -> Problem:
    return problem_of(
        build_record(parse_yaml(TEXT.replace("CPEPTIDE", "3.6").replace("findings:", MARKER + LATER), "marked.yaml"))
    )


@pytest.mark.parametrize("fixed", [{}, {"a.slope": 0.3}, {"a.background": 4.0}, {"a.slope": 0.3, "a.background": 4.0}])
def test_a_marker_is_linked_to_what_the_tumor_produces(fixed: dict[str, float]) -> None:
    table = {name: Parameter(1.0, "1", "", cv=1.0) for name in ("other", "a.slope", "a.background")}
    coordinates = uncertain(table, fixed)
    z = noise(0, 1, (50, len(coordinates)))
    values = {**fixed, **coordinates.values(z)}
    produced = np.exp(noise(0, 2, (50, 2)))
    level = np.reshape(values["a.background"], (-1, 1)) + np.reshape(values["a.slope"], (-1, 1)) * produced
    features = np.concatenate([noise(0, 3, (50, 1)), np.log(level)], axis=1)
    link = Link({"a": np.array([1, 2])}, coordinates, fixed)
    linked = link.linked(z, features)
    assert linked[:, 1:] == pytest.approx(np.log(produced), abs=1e-9)
    assert np.array_equal(linked[:, 0], features[:, 0]), "other readings stay as they are"
    assert link.unlinked(z, linked) == pytest.approx(features, abs=1e-12)


def test_what_the_tumor_produces_depends_neither_on_background_nor_on_slope(problem: Problem) -> None:
    z = np.repeat(noise(0, 1, (1, len(problem.coordinates))), 9, axis=0)
    places = [problem.coordinates.names.index(f"nse.{name}") for name in ("background", "slope")]
    z[:, places] = np.stack(np.meshgrid([-2.0, 0.0, 2.0], [-1.0, 0.0, 2.0]), axis=-1).reshape(-1, 2)
    features = problem.score(z).features
    columns = problem.readings.named("nse.M")
    assert np.ptp(features[:, columns], axis=0).min() > 0.5
    # The engine computes in single precision.
    assert np.ptp(problem.linked(z, features), axis=0).max() < 0.02


def test_facts_follow_from_linked_features(problem: Problem) -> None:
    z = noise(0, 2, (20, len(problem.coordinates)))
    scores, course = problem.score(z), problem.course(z)
    logs = problem.logs_of(z, problem.linked(z, scores.features))
    level = {item.fact: item.quantity for item in problem.facts.observations}
    before, after = (course.at("nse.M", level["fell"].read[place].readings) for place in (0, 1))
    expected = np.log(after / before.mean(axis=1, keepdims=True))
    ends = np.cumsum([item.quantity.width for item in problem.facts.observations])
    at = [item.fact for item in problem.facts.observations].index("fell")
    assert logs[:, ends[at] - expected.shape[1] : ends[at]] == pytest.approx(expected, abs=1e-5)
    assert problem.total_of(logs, np.zeros((1, logs.shape[1]))) == pytest.approx(scores.total, abs=1e-3)


def test_what_several_facts_read_is_read_once() -> None:
    level, change = AtTime("a", (1.5, 2.5)), Ratio("a", (1.5, 2.5), (4.0,))
    readings = Readings.of([level, change])
    features = readings.features(Course(0, {"a": np.array([[9.0, 1.0, 3.0, 5.0, 8.0]])}, {}, np.array([])))
    assert np.exp(features) == pytest.approx(np.array([[1.0, 3.0, 8.0]]))
    assert np.exp(readings.log(change, features)) == pytest.approx(np.array([[4.0]]))
    assert [list(columns) for columns in readings.alike] == [[0, 1, 2]]
