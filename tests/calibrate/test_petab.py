"""PEtab: the likelihood against the test suite of the format, and the export against PEtab's own checks."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import pytest
import yaml

from insulinoma.calibrate.petab import petab_likelihood
from insulinoma.calibrate.problem import problem_of
from insulinoma.cli import main
from insulinoma.record.load import load_case


def test_chi_square_and_likelihood_of_the_test_suite(external: Path) -> None:
    cases = sorted((external / "petab" / "v1.0.0").iterdir())
    assert len(cases) == 14
    for case in cases:
        solution = yaml.safe_load((case / f"_{case.name}_solution.yaml").read_text())
        chi2, total = petab_likelihood(case / f"_{case.name}.yaml", case / solution["simulation_files"][0])
        assert chi2 == pytest.approx(solution["chi2"], abs=solution["tol_chi2"]), case.name
        assert total == pytest.approx(solution["llh"], abs=solution["tol_llh"]), case.name


def test_the_index_case_as_petab_has_no_errors_and_names_what_is_lost(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    problem = problem_of(load_case())
    with pytest.raises(SystemExit) as ended:
        main(["convert", "--to", "petab", "-o", str(tmp_path), "--json"])
    assert ended.value.code == 0
    lost = {item["path"] for item in json.loads(capsys.readouterr().out)["losses"]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import petab.v1 as petab

        read = petab.Problem.from_yaml(str(tmp_path / "problem.yaml"))
        assert not petab.lint_problem(read)
    assert len(read.measurement_df) == 8
    of_orders = {name for name in problem.coordinates.names if name.startswith(("amount.", "day."))}
    assert len(read.parameter_df) == len(problem.coordinates) - len(of_orders)
    used = {item.fact for item in problem.facts.observations}
    assert len(lost) == len(used) - 8 + len(of_orders)
    assert {"no-hypoglycemia", "day.diazoxide"} < lost
