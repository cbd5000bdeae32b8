"""The stage by the AJCC 8 chapter for NET, ENETS 2006, and the AJCC exocrine chapter for carcinoma.

T, N and M are sets of what the record leaves possible; the stage is decided when all of them lead to
one group. Rules in own words; the tables of the manuals are not reproduced [AJCC8, ENETS2006].
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any, Literal

from insulinoma.assessment.occasions import magnitude
from insulinoma.assessment.thresholds import compare, reported_text, threshold
from insulinoma.assessment.verdict import Criterion, Verdict
from insulinoma.assessment.view import View, tie
from insulinoma.record.schema import Fact, Finding, Lesion, Measurement
from insulinoma.record.vocabulary import term

System = Literal["ajcc_8", "enets", "ajcc_8_exocrine"]
SYSTEMS: dict[System, tuple[str, str]] = {
    "ajcc_8": ("AJCC 8, well-differentiated pancreatic NET", "AJCC8"),
    "enets": ("ENETS 2006", "ENETS2006"),
    "ajcc_8_exocrine": ("AJCC 8, exocrine pancreas (applies to carcinoma)", "AJCC8exocrine"),
}
_RULE = "Size and invasion of the primary, regional nodes and distant metastases give the stage group."
_BY_SIZE = "T is by size, as no invasion that would raise it is stated."
_SURGERY = ("resection", "debulking")


@dataclass(frozen=True)
class Part:
    """T, N or M: the categories that are possible, the facts, what is missing, and a remark."""

    possible: frozenset[str]
    facts: tuple[Fact, ...]
    missing: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class Stage:
    """The stage group under one system, or the groups that are possible, with T, N and M."""

    criterion: Criterion
    stage: str | None
    possible: tuple[str, ...]
    t: str
    n: str
    m: str

    def to_json(self) -> dict[str, Any]:
        """The stage as plain data."""
        return {
            **self.criterion.to_json(),
            "stage": self.stage,
            "possible": list(self.possible),
            "t": self.t,
            "n": self.n,
            "m": self.m,
        }


def stages(view: View) -> dict[System, Stage]:
    """The stage under every system."""
    return {system: _stage(view, system) for system in SYSTEMS}


def stage_group(system: System, t: str, n: str, m: str) -> str:
    """The group of one combination of categories.

    >>> stage_group("enets", "T4", "N0", "M0"), stage_group("ajcc_8", "T4", "N0", "M0")
    ('IIIA', 'III')
    """
    if m != "M0":
        return "IV"
    if system == "ajcc_8_exocrine":
        if n == "N2" or t == "T4":
            return "III"
        return "IIB" if n == "N1" else {"T1": "IA", "T2": "IB", "T3": "IIA"}[t]
    if system == "enets":
        return "IIIB" if n != "N0" else {"T1": "I", "T2": "IIA", "T3": "IIB", "T4": "IIIA"}[t]
    return "III" if n != "N0" or t == "T4" else {"T1": "I", "T2": "II", "T3": "II"}[t]


def _stage(view: View, system: System) -> Stage:
    outside = _primary_outside_pancreas(view)
    if outside is not None:
        note = "The primary is outside the pancreas, where this system does not apply."
        criterion = _criterion(view, system, Verdict.NOT_EVALUABLE, (outside,), note=note)
        return Stage(criterion, None, (), "TX", "NX", "MX")
    t, n, m = _t(view, system), _n(view, system), _m(view, system)
    groups = sorted({stage_group(system, *parts) for parts in product(t.possible, n.possible, m.possible)})
    verdict = Verdict.MET if len(groups) == 1 else Verdict.NOT_EVALUABLE
    facts = tuple(fact for part in (t, n, m) for fact in part.facts)
    if not facts:
        verdict = Verdict.NOT_MEASURED
    missing = () if verdict is Verdict.MET else tuple(part.missing for part in (t, n, m) if part.missing)
    notes = " ".join(part.note for part in (t, n, m) if part.note) or None
    size = _size(view)
    criterion = _criterion(view, system, verdict, facts, missing=missing, note=notes, size=size)
    texts = (_text(view, part, letter) for part, letter in ((t, "T"), (n, "N"), (m, "M")))
    return Stage(criterion, groups[0] if verdict is Verdict.MET else None, tuple(groups), *texts)


def _t(view: View, system: System) -> Part:
    size = _size(view)
    portal = view.found("portal_infiltration")
    vessels = view.found("large_vessel_invasion")
    organs = view.found("adjacent_organ_invasion")
    duct = view.found("bile_duct_or_duodenal_invasion")
    note = "Infiltration of the portal vein is not a T4 vessel in this system; flagged." if portal else None
    told = (*vessels, *portal)
    sized = () if size is None else (size,)
    if vessels or (organs and system != "ajcc_8_exocrine"):
        return Part(frozenset({"T4"}), (*sized, *told, *organs), note=note)
    by_size = _t_by_size(size, system)
    if duct and system != "ajcc_8_exocrine":
        return Part(frozenset({"T3"}), (*sized, *told, *duct), note=note)
    missing = "size of the primary tumor" if len(by_size) > 1 else None
    if size is not None:
        note = f"{note} {_BY_SIZE}" if note else _BY_SIZE
    return Part(by_size, (*sized, *told), missing, note)


def _t_by_size(size: Measurement | None, system: System) -> frozenset[str]:
    if size is None:
        return frozenset({"T1", "T2", "T3", "T4"})
    prefix = "exocrine" if system == "ajcc_8_exocrine" else "net"
    at_least_t2 = compare(size, f"{prefix}_t2").verdict
    at_least_t3 = compare(size, f"{prefix}_t3").verdict
    possible = set()
    if at_least_t2 is not Verdict.MET:
        possible.add("T1")
    if at_least_t2 is not Verdict.NOT_MET and at_least_t3 is not Verdict.MET:
        possible.add("T2")
    if at_least_t3 is not Verdict.NOT_MET:
        possible.add("T3")
    return frozenset(possible)


def _n(view: View, system: System) -> Part:
    nodes = [lesion for lesion in view.lesions if lesion.role == "node" and lesion.site == "peripancreatic_nodes"]
    enlarged = [item for item in view.found("lymph_node_enlarged") if item.site in (None, "peripancreatic_nodes")]
    facts: tuple[Fact, ...] = (*nodes, *enlarged)
    if facts and system != "ajcc_8_exocrine":
        return Part(frozenset({"N1"}), facts)
    if facts:
        counts = [lesion.count for lesion in nodes if isinstance(lesion.count, int)]
        if not counts:
            return Part(frozenset({"N1", "N2"}), facts, "number of regional nodes")
        return Part(frozenset({"N2" if max(counts) >= 4 else "N1"}), facts)
    absent = view.found("lymph_node_enlarged", present=False)
    if absent:
        return Part(frozenset({"N0"}), absent)
    unknown = {"N0", "N1", "N2"} if system == "ajcc_8_exocrine" else {"N0", "N1"}
    return Part(frozenset(unknown), (), "state of the regional lymph nodes")


def _m(view: View, system: System) -> Part:
    liver, elsewhere = _metastases(view)
    facts = (*liver, *elsewhere)
    if facts and system != "ajcc_8":
        return Part(frozenset({"M1"}), facts)
    if facts:
        letter = "M1c" if liver and elsewhere else "M1a" if liver else "M1b"
        note = (
            "M1a if the enlarged nodes are regional." if letter == "M1a" and view.found("lymph_node_enlarged") else None
        )
        return Part(frozenset({letter}), facts, note=note)
    no_liver = view.found("liver_tumors", present=False)
    no_other = view.found("extrahepatic_metastases", present=False)
    if no_liver and no_other:
        return Part(frozenset({"M0"}), (*no_liver, *no_other))
    missing = "metastases outside the liver" if no_liver else "metastases in the liver and elsewhere"
    return Part(frozenset({"M0", "M1"}), (*no_liver, *no_other), missing)


def _metastases(view: View) -> tuple[list[Fact], list[Fact]]:
    liver: list[Fact] = [*view.found("liver_tumors")]
    elsewhere: list[Fact] = [*view.found("bone_metastases", "extrahepatic_metastases")]
    for lesion in view.lesions:
        if lesion.role == "metastasis":
            (liver if _organ(lesion) == "liver" else elsewhere).append(lesion)
    return liver, elsewhere


def _organ(lesion: Lesion | Finding) -> str:
    return term("sites", lesion.site).get("organ") if lesion.site else ""


def _primary_outside_pancreas(view: View) -> Lesion | None:
    primaries = [lesion for lesion in view.lesions if lesion.role == "primary"]
    return next((lesion for lesion in primaries if _organ(lesion) != "pancreas"), None)


def _size(view: View) -> Measurement | None:
    """The size of the primary before its resection: the earliest stated, of these the largest."""
    primaries = {lesion.id for lesion in view.lesions if lesion.role == "primary" and lesion.id}
    sizes = [item for item in view.numbers("longest_diameter") if item.lesion in primaries]
    return min(sizes, key=lambda item: (view.span(item).earliest, -magnitude(item), tie(item)), default=None)


def _text(view: View, part: Part, letter: str) -> str:
    options = sorted(part.possible)
    if not part.facts and len(options) > 1:
        return f"{letter}X"
    prefix = "" if any(item.treatment in _SURGERY for item in view.treatments) else "c"
    return f"{prefix}{' or '.join(options)}"


def _criterion(
    view: View,
    system: System,
    verdict: Verdict,
    facts: tuple[Fact, ...],
    *,
    missing: tuple[str, ...] = (),
    note: str | None = None,
    size: Measurement | None = None,
) -> Criterion:
    name, citation = SYSTEMS[system]
    prefix = "exocrine" if system == "ajcc_8_exocrine" else "net"
    return Criterion(
        verdict=verdict,
        rule=_RULE,
        edition=name,
        citation=citation,
        value=size.value if size else None,
        unit=size.unit if size else None,
        reported=reported_text(size) if size else None,
        threshold=f"T2 {threshold(f'{prefix}_t2').text}, T3 {threshold(f'{prefix}_t3').text}",
        facts=view.labels(facts),
        missing=missing,
        note=note,
    )
