import inspect
import re

import pytest

from insulinoma.citations import references
from insulinoma.data import read_table
from insulinoma.errors import UnknownNameError
from insulinoma.model import markers, site_secretion, tumor, tumor_course
from insulinoma.model.treatments import registry
from insulinoma.model.tumor_sets import tumor_set, tumor_sets
from insulinoma.simulate.regimen import give
from insulinoma.simulate.solver import simulate

DAY = 1440.0
MODEL = tumor_course.tumor_course()


@pytest.mark.parametrize("name", tumor_sets())
def test_every_tumor_fits_the_model_and_says_what_each_value_rests_on(name: str) -> None:
    found = tumor_set(name, MODEL)
    assert len(found) == len(read_table("tumors", f"{name}.csv"))
    for parameter, item in found.items():
        assert item.low <= item.value <= item.high, parameter
        assert item.ref or item.status == "assumption", parameter
        assert item.note, parameter


def test_an_unknown_tumor_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="'index-case'"):
        tumor_set("index-cas", MODEL)


def test_every_parameter_of_tumor_and_treatments_rests_on_a_reference_or_is_an_assumption() -> None:
    for name, item in MODEL.parameters.items():
        assert not item.ref or item.ref in references(), f"{name}: {item.ref}"
        assert item.ref or item.status in ("assumption", "covariate"), name


def test_every_citation_in_the_text_is_a_reference() -> None:
    parts = {type(part) for part in MODEL.parts.values()}
    texts = [inspect.getsource(inspect.getmodule(part)) for part in parts]
    texts += [inspect.getsource(module) for module in (markers, site_secretion, tumor, registry)]
    tables = [row["note"] for name in tumor_sets() for row in read_table("tumors", f"{name}.csv")]
    cited = {
        key
        for text in (*texts, *tables)
        for key in re.findall(r"[\[ ]([A-Z][A-Za-z0-9]+\d{4}[A-Z0-9]*)(?=[\],])", text)
    }
    assert cited <= set(references())


def test_the_index_case_by_hand_loses_and_regains_its_secretion() -> None:
    values = {name: item.value for name, item in tumor_set("index-case", MODEL).items()}
    by_hand = {"right_lobe.x_TAE": 2.2, "left_lobe.x_TAE": 2.2, "surroundings.G": 54.0, "surroundings.weight": 55.0}
    regimen = give("right_lobe.embolize", "1", at="day 12") + give("left_lobe.embolize", "1", at="day 22")
    regimen += give("etoposide_cisplatin", "1", at="day 41", every="21 d", times=3)
    found = simulate(MODEL, regimen, end=157 * DAY, every=DAY, parameters={**values, **by_hand}).require()
    S, NSE = found["tumor_secretion.S_total"].values, found["nse.M"].values
    assert S[0] == pytest.approx(443, rel=0.05)
    assert NSE[0] == pytest.approx(169.9, rel=0.05)
    before = S[11]
    assert S[13] < 0.55 * before
    assert (S[13:62] < 0.55 * before).all()
    assert S[100:].max() > 0.4 * before
    assert NSE[30] < 0.5 * NSE[11]
    assert NSE[-1] > 1.5 * NSE[13:62].min()
    CT = found["burden.CT_liver"].values
    assert CT[45] < 0.75 * CT[11]
    assert CT[-1] > CT[45:].min()
