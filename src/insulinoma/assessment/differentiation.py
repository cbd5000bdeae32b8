"""How a tumor is differentiated, as far as the record says, and what argues for either side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from insulinoma.assessment.thresholds import exact, reported_range
from insulinoma.assessment.verdict import Verdict
from insulinoma.assessment.view import View
from insulinoma.record.schema import Fact
from insulinoma.record.vocabulary import term

_WELL_HELPERS = ("atrx_daxx_loss", "sstr2_stain", "men1")
_POOR_HELPERS = ("p53_abnormal", "rb1_loss")
_FOR_NET = ("eccentric_nuclei", "eosinophilic_cytoplasm", "chromogranin_stain", "synaptophysin_stain", "sstr_uptake")
_FOR_NEC = ("small_cell_type", "large_cell_type", "ring_enhancement", "tumor_necrosis", "fdg_uptake")
WOULD_DECIDE = (
    "differentiation on histology (well or poorly differentiated)",
    "RB1 and p53 stains (abnormal in NEC)",
    "ATRX or DAXX loss, SSTR2 stain (NET)",
    "mitotic count and necrosis on a tissue section",
)


@dataclass(frozen=True)
class Differentiation:
    """Well or poorly differentiated or unknown; met when stated, inferred when only stains say so.

    `for_net` and `for_nec` are facts that argue for a side without deciding.
    """

    side: Literal["well", "poorly"] | None
    verdict: Verdict
    facts: tuple[str, ...]
    for_net: tuple[str, ...]
    for_nec: tuple[str, ...]
    note: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The differentiation as plain data."""
        return {
            "differentiation": self.side,
            "verdict": self.verdict.value,
            "facts": list(self.facts),
            "argues_for_net_g3": list(self.for_net),
            "argues_for_nec": list(self.for_nec),
            "note": self.note,
        }


def differentiation(view: View) -> Differentiation:
    """The differentiation that the record states, or that helper stains imply.

    A subtype named under an edition in which every tumor above 20 % was a carcinoma does not decide.
    """
    arguments = (view.labels(_for_net(view)), view.labels(_for_nec(view)))
    well: list[Fact] = [*view.found("well_differentiated"), *_diagnosed_well(view)]
    poorly: list[Fact] = [*view.found("poorly_differentiated")]
    if well and poorly:
        facts = view.labels((*well, *poorly))
        return Differentiation(None, Verdict.NOT_EVALUABLE, facts, *arguments, "The record states both.")
    if well or poorly:
        side: Literal["well", "poorly"] = "well" if well else "poorly"
        return Differentiation(side, Verdict.MET, view.labels(well or poorly), *arguments)
    return _by_stains(view, arguments)


def _by_stains(view: View, arguments: tuple[tuple[str, ...], tuple[str, ...]]) -> Differentiation:
    well, poorly = view.found(*_WELL_HELPERS), view.found(*_POOR_HELPERS)
    if bool(well) == bool(poorly):
        verdict = Verdict.NOT_EVALUABLE if well else Verdict.NOT_MEASURED
        note = "Stains point both ways." if well else None
        return Differentiation(None, verdict, view.labels((*well, *poorly)), *arguments, note)
    note = "Implied by stains; differentiation is not stated."
    side: Literal["well", "poorly"] = "well" if well else "poorly"
    return Differentiation(side, Verdict.INFERRED, view.labels(well or poorly), *arguments, note)


def _diagnosed_well(view: View) -> list[Fact]:
    diagnoses = view.record.diagnoses
    return [item for item in diagnoses if term("diagnoses", item.diagnosis).get("differentiation") == "well"]


def _for_net(view: View) -> list[Fact]:
    below_55 = [
        item
        for item in view.numbers("ki67")
        if (found := reported_range(item)) is not None and found.all_satisfy("<", exact(55.0))
    ]
    functioning = [item for item in view.measured("insulin", "c_peptide") if item.flag == "elevated"]
    platinum = [
        item
        for item in view.treatments
        if item.treatment in ("etoposide_cisplatin", "irinotecan_cisplatin") and item.response == "not effective"
    ]
    return [*view.found(*_FOR_NET), *below_55, *functioning, *platinum]


def _for_nec(view: View) -> list[Fact]:
    nse = [item for item in view.measured("nse") if item.flag == "elevated"]
    loss = view.found("sstr2_stain", present=False)
    return [*view.found(*_FOR_NEC), *nse, *loss]
