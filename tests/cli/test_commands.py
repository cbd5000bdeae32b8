from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from insulinoma.cli import main

PLANTED = Path(__file__).parents[1] / "record" / "data" / "thirty-faults.yaml"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    captured = capsys.readouterr()
    code = ended.value.code
    assert isinstance(code, int)
    return code, captured.out, captured.err


def test_check_of_the_index_case(capsys: pytest.CaptureFixture[str], seeds: Path) -> None:
    code, out, err = run(capsys, "check", "--documents", str(seeds))
    assert (code, err) == (0, "")
    assert "25 numbers found at their lines" in out
    assert "Research and education only" in out


def test_check_lists_all_faults_and_exits_with_one(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "check", str(PLANTED))
    assert code == 1
    assert "thirty-faults.yaml:30 measurements[0].unit: 'ng/mL' is not a unit of glucose." in out
    assert out.count("thirty-faults.yaml:") >= 30


def test_check_as_json_holds_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "check", str(PLANTED), "--json")
    result = json.loads(out)
    assert code == 1
    assert result["valid"] is False
    assert {"file", "line", "path", "kind", "problem", "expected", "remedy"} == set(result["faults"][0])


def test_new_writes_a_record_that_passes_check(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    target = tmp_path / "smith.yaml"
    assert run(capsys, "new", "smith", "-o", str(target))[0] == 0
    assert run(capsys, "check", str(target))[0] == 0
    code, _, err = run(capsys, "new", "smith", "-o", str(target))
    assert code == 2
    assert "exists" in err


def test_every_example_in_the_new_record_is_valid(tmp_path: Path) -> None:
    """The commented examples are what people copy: with the comment signs gone they pass too."""
    import re

    from insulinoma.record.io.yaml import parse_yaml
    from insulinoma.record.template import template
    from insulinoma.record.validate import validate

    text = re.sub(r"^(\w+): (?:\[\]|\{\})$", r"\1:", template("smith"), flags=re.M)
    text = re.sub(r"^#: ", "", text, flags=re.M).replace("claims:\n", "")
    tree = parse_yaml(text, "examples.yaml")
    record, faults = validate(tree)
    assert faults == []
    assert record is not None
    assert len(record.measurements) == 4
    assert len(record.treatments) == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "no-such-case"),
        ("nonsense",),
        ("check", "--nonsense"),
        ("new", "Bad Name"),
        ("check", "--documents", "/nowhere"),
    ],
)
def test_wrong_usage_exits_with_two_and_no_traceback(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    code, _, err = run(capsys, *arguments)
    assert code == 2
    assert err
    assert "Traceback" not in err


def test_an_unreadable_file_exits_with_one(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "latin.yaml"
    path.write_bytes("id: caf\xe9".encode("latin-1"))
    code, _, err = run(capsys, "check", str(path))
    assert code == 1
    assert "latin.yaml:1" in err


def test_heavy_libraries_stay_unloaded() -> None:
    heavy = {"matplotlib", "numpy", "pydantic", "pint", "polars", "jax", "typst", "jinja2", "yaml"}
    code = (
        "import sys; import insulinoma; light = len(sys.modules); import insulinoma.cli; "
        f"heavy = {heavy} & set(sys.modules); "
        "print(light, len(sys.modules), sorted(heavy))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split(
        maxsplit=2
    )
    bare = subprocess.run(
        [sys.executable, "-c", "import sys; print(len(sys.modules))"], capture_output=True, text=True, check=True
    )
    assert int(out[0]) - int(bare.stdout) <= 40
    assert int(out[1]) <= 420
    assert out[2].strip() == "[]"
