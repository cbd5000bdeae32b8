"""Treatments side by side: what was tried, what is reported, cautions raised by facts; no ranking."""

from __future__ import annotations

import pytest

from insulinoma.errors import UsageError
from insulinoma.evidence.records import GROUPS
from insulinoma.evidence.tables import evidence
from insulinoma.evidence.treatments import TreatmentTable, TreatmentView, all_treatments, treatments_for

INDEX_TRIED = {
    "dextrose": "episodes went on",
    "diazoxide": "not effective",
    "octreotide": None,
    "TAE": "glucose normal from the next day",
    "etoposide + cisplatin": "metastases grew",
}
INDEX_FACTS = {
    "portal_infiltration",
    "allergy:octreotide",
    "adverse_stop:octreotide",
    "metastatic",
    "nse_high",
    "ki67_over_10",
    "ki67_over_20",
    "ki67_under_55",
    "nec_or_net_g3_open",
    "nec_by_label",
    "central_line",
    "fungal_infection",
    "infection",
    "high_concentration_dextrose",
}
EMBOLIZATIONS = ("tae", "tace", "deb-tace", "tare")


def _row(table: TreatmentTable, identifier: str) -> TreatmentView:
    return next(row for row in table.rows if row.treatment.id == identifier)


def _cautions(table: TreatmentTable, identifier: str) -> set[str]:
    return {item.caution.id for item in _row(table, identifier).cautions}


@pytest.fixture(scope="module")
def index_case() -> TreatmentTable:
    return treatments_for(INDEX_TRIED, INDEX_FACTS)


def test_what_was_tried(index_case: TreatmentTable) -> None:
    tried = {row.treatment.id: row.response for row in index_case.tried}
    assert set(tried) == {"dextrose", "diazoxide", "octreotide", "tae", "etoposide-cisplatin"}
    assert tried["octreotide"] is None
    assert index_case.unrecognized == ()


def test_literature_for_tried_and_not_tried(index_case: TreatmentTable) -> None:
    assert {item.id for item in _row(index_case, "diazoxide").outcomes} >= {
        "O-DZX-05",
        "O-DZX-07",
        "O-DZX-09",
    }
    assert all(row.outcomes for row in index_case.not_tried)


@pytest.mark.parametrize("identifier", EMBOLIZATIONS)
def test_portal_infiltration_before_embolization(index_case: TreatmentTable, identifier: str) -> None:
    raised = next(item for item in _row(index_case, identifier).cautions if item.caution.id == "W-01")
    assert raised.because == ("portal_infiltration",)
    assert "W-01" not in _cautions(treatments_for({}, set()), identifier)


def test_octreotide_without_evidence_of_its_receptor() -> None:
    assert "W-15" in _cautions(treatments_for({}, set()), "octreotide")
    assert not {"W-15", "W-16"} & _cautions(treatments_for({}, {"sstr2_shown"}), "octreotide")
    absent = _cautions(treatments_for({}, {"sstr2_absent"}), "octreotide")
    assert "W-16" in absent
    assert "W-15" not in absent


def test_allergy_to_a_drug_and_to_its_class(index_case: TreatmentTable) -> None:
    assert {"W-18", "W-19", "W-52"} <= _cautions(index_case, "octreotide")
    assert "W-19" in _cautions(index_case, "prrt")
    assert "W-18" not in _cautions(index_case, "prrt")
    assert "W-18" in _cautions(treatments_for({}, {"allergy:Proglycem"}), "diazoxide")


def test_line_and_infection_under_dextrose(index_case: TreatmentTable) -> None:
    assert {"W-20", "W-21", "W-22"} <= _cautions(index_case, "dextrose")
    assert "W-22" not in _cautions(treatments_for({}, {"central_line"}), "dextrose")


def test_markers_and_everolimus(index_case: TreatmentTable) -> None:
    assert {"W-24", "W-27", "W-29"} <= _cautions(index_case, "everolimus")
    assert "W-25" not in _cautions(index_case, "everolimus")
    assert "W-25" in _cautions(treatments_for({}, {"cga_high"}), "everolimus")


def test_cautions_of_the_record_come_before_the_general_ones(index_case: TreatmentTable) -> None:
    for row in index_case.rows:
        general = [item.caution.general for item in row.cautions]
        assert general == sorted(general)


def test_the_order_is_the_same_for_everybody(index_case: TreatmentTable) -> None:
    order = [row.treatment.id for row in index_case.rows]
    assert order == [row.treatment.id for row in all_treatments().rows]
    assert order == [item.id for item in evidence().treatments]
    groups = [GROUPS.index(row.treatment.group) for row in index_case.rows]
    assert groups == sorted(groups)
    for group in GROUPS:
        labels = [row.treatment.label.casefold() for row in index_case.rows if row.treatment.group == group]
        assert labels == sorted(labels)


def test_without_a_record_only_general_cautions() -> None:
    for row in all_treatments().rows:
        assert not row.tried
        assert all(item.caution.general for item in row.cautions)


def test_conflicts_of_a_treatment(index_case: TreatmentTable) -> None:
    assert {conflict.id for conflict in _row(index_case, "diazoxide").conflicts} == {"C-03"}
    assert {"C-04", "C-06", "C-07"} <= {conflict.id for conflict in _row(index_case, "tae").conflicts}


@pytest.mark.parametrize(
    ("name", "identifier"),
    [
        ("TAE", "tae"),
        ("Transarterial embolization", "tae"),
        ("streptozocin + doxorubicin", "stz-doxorubicin"),
        ("etoposide, cisplatin", "etoposide-cisplatin"),
        ("177Lu-oxodotreotide", "prrt"),
        ("oral_glucose", "dextrose"),
        ("DEXAMETHASONE", "glucocorticoid"),
    ],
)
def test_names_of_a_record(name: str, identifier: str) -> None:
    table = treatments_for({name: None}, set())
    assert [row.treatment.id for row in table.tried] == [identifier]


def test_unknown_names_are_listed_not_dropped() -> None:
    table = treatments_for({"aspirin": None, "diazoxide": None}, set())
    assert table.unrecognized == ("aspirin",)
    assert [row.treatment.id for row in table.tried] == ["diazoxide"]


def test_an_unknown_fact_is_an_error_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="Did you mean 'portal_infiltration'"):
        treatments_for({}, {"portal_infiltraton"})


def test_words_of_advice_are_absent(index_case: TreatmentTable) -> None:
    text = str(index_case.as_dict()).lower()
    for phrase in ("you should", "we recommend", "best treatment", "treatment of choice", "first choice"):
        assert phrase not in text
    assert "no recommendation" in text
