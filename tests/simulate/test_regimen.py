from pathlib import Path

import pytest

from insulinoma.errors import InputError, UsageError
from insulinoma.simulate.regimen import give, minutes, read_regimen

YAML = """\
regimen:
  - give: meal
    amount: 60 g
    at: day 1 08:00
    every: 1 d
    times: 3
  - give: dextrose
    amount: 4 mg/kg/min
    from: 0 min
    to: 12 h
"""
TABLE = "give,amount,at,from,to,every,times\nmeal,60 g,day 1 08:00,,,1 d,3\ndextrose,4 mg/kg/min,,0 min,12 h,,\n"


def test_yaml_and_table_say_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(YAML)
    (tmp_path / "a.csv").write_text(TABLE)
    found = read_regimen(tmp_path / "a.yaml")
    assert found == read_regimen(tmp_path / "a.csv")
    assert list(found.orders[0].occasions()) == [(1920, None), (3360, None), (4800, None)]
    assert found.orders[1].stop == 720


@pytest.mark.parametrize(
    ("text", "expected"),
    [("90 min", 90), ("1.5 h", 90), ("2 d", 2880), ("day 12", 17280), ("day 0 06:30", 390)],
)
def test_times(text: str, expected: float) -> None:
    assert minutes(text) == expected


@pytest.mark.parametrize("text", ["90", "noon", "day x", "3 weeks"])
def test_a_time_without_a_unit_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is not a time"):
        minutes(text)


def test_all_faults_of_a_file_with_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(
        "regimen:\n"
        "  - give: meal\n    amount: 60 g\n"
        "  - give: meal\n    amont: 60 g\n    at: 0 min\n"
        "  - give: dextrose\n    amount: 4 mg/kg/min\n    from: 3 h\n    to: 2 h\n"
        "  - give: meal\n    amount: much\n    at: 0 min\n"
        "  - give: meal\n    amount: 5 g\n    at: 0 min\n    times: 3\n"
        "  - give: meal\n    amount: 1.2.3 g\n    at: 0 min\n"
        "  - give: meal\n    amount: 1e999 g\n    at: 0 min\n"
        "  - give: meal\n    amount: 5 g\n    at: 0 min\n    times: thrice\n    every: 1 d\n"
    )
    with pytest.raises(InputError) as caught:
        read_regimen(path)
    assert [fault.line for fault in caught.value.faults] == [2, 4, 7, 11, 14, 18, 21, 24]
    assert "Did you mean 'amount'" in str(caught.value)


def test_regimens_add_up() -> None:
    assert len((give("meal", "1 g", at="0 min") + give("meal", "1 g", at="5 min")).orders) == 2
