from __future__ import annotations

import csv
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from insulinoma.cli import main
from insulinoma.evidence.treatments import treatments_for
from insulinoma.intended_use import INTENDED_USE
from insulinoma.record.io.yaml import parse_yaml
from insulinoma.record.load import load_case
from insulinoma.record.schema import CaseRecord
from insulinoma.record.template import template
from insulinoma.record.validate import build_record
from insulinoma.record.vocabulary import terms
from insulinoma.report.build import ReportBuilder
from insulinoma.report.literature import tags, treatments_of, tried


class Page(HTMLParser):
    """Collects what a page links to and checks that its elements nest."""

    VOID = frozenset({"meta", "br", "img", "link", "input", "hr"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value for name, value in attrs if name in ("href", "src", "xlink:href") and value]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value for name, value in attrs if name in ("href", "src", "xlink:href") and value]

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def write(record: CaseRecord, folder: Path) -> Path:
    for _, step in ReportBuilder(record, folder).steps():
        step()
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(load_case(), tmp_path_factory.mktemp("report"))


@pytest.fixture(scope="module")
def page(folder: Path) -> Page:
    parsed = Page()
    parsed.feed((folder / "report.html").read_text(encoding="utf-8"))
    return parsed


def pdf_pages(folder: Path) -> list[str]:
    from pypdf import PdfReader

    return [" ".join(page.extract_text().split()) for page in PdfReader(folder / "report.pdf").pages]


def test_the_page_nests_and_needs_no_network(page: Page) -> None:
    assert page.open == []
    assert [link for link in page.links if link.startswith(("http", "//"))] == []


def test_every_link_of_the_page_leads_somewhere(page: Page, folder: Path) -> None:
    names = {path.name for path in folder.iterdir()}
    assert {link for link in page.links if not link.startswith("#")} <= names


def test_the_pdf_has_two_to_four_pages_each_with_the_intended_use(folder: Path) -> None:
    pages = pdf_pages(folder)
    assert 2 <= len(pages) <= 4
    assert all(INTENDED_USE in text for text in pages)


@pytest.mark.parametrize(
    "said",
    [
        "consistent but incomplete",
        "highest level 3",
        "days 13 to 61",
        "NEC G3",
        "NET G3 or NEC",
        "stage IV",
        "Stopped for an allergic reaction",
        "not effective",
        "day 40 or 50",
        "direction down, magnitude not stated",
        "How long the patient lived",
        "screen for oral hypoglycemic agents",
        "Portal infiltration is a relative contraindication",
        "7536b0e0ec1b64590cdb364f4589de00a823d8472f616ec5dc61b4d98b094461",
    ],
)
def test_page_and_pdf_say_the_same_of_the_index_case(page: Page, folder: Path, said: str) -> None:
    assert said in " ".join(page.text.split())
    assert said.replace(" ", "") in "".join(pdf_pages(folder)).replace(" ", "")


def test_the_pdf_is_tagged_and_declares_its_accessibility(folder: Path) -> None:
    from pypdf import PdfReader

    catalog = PdfReader(folder / "report.pdf").trailer["/Root"]
    assert "/StructTreeRoot" in catalog
    assert b"pdfuaid" in catalog["/Metadata"].get_data()


def test_every_table_of_the_report_lies_beside_it_as_csv(folder: Path) -> None:
    with (folder / "criteria.csv").open(encoding="utf-8") as file:
        rows = {row["criterion"]: row for row in csv.DictReader(file)}
    assert rows["Glucose"]["verdict"] == "met"
    assert rows["Glucose"]["value"] == "54 mg/dL"
    assert rows["Glucose"]["stands at"] == "muro2014: 45-46"
    assert rows["Proinsulin"]["verdict"] == "not measured"


def test_the_same_record_gives_the_same_files(folder: Path, tmp_path: Path) -> None:
    again = write(load_case(), tmp_path)
    for name in ("report.html", "clinical-course.svg", "criteria.csv"):
        assert (again / name).read_bytes() == (folder / name).read_bytes()


def test_facts_of_the_record_reach_the_evidence() -> None:
    case = load_case()
    assert {"portal_infiltration", "allergy:Octreotide", "ki67_over_20", "nse_high", "nec_by_label"} <= tags(case)
    assert "sstr2_shown" not in tags(case)
    assert tried(case)["Diazoxide"] == "not effective"
    table = treatments_of(case)
    assert {view.treatment.id for view in table.tried} >= {"tae", "diazoxide", "octreotide", "etoposide-cisplatin"}


def test_every_therapy_of_the_vocabulary_leads_to_the_evidence_or_is_known_to_have_none() -> None:
    labels = [item.label for item in terms("treatments").values() if item.get("class") != "diagnostic"]
    without = {
        "Somatostatin analog (not named)", "Dacarbazine", "Acarbose", "Hydrochlorothiazide", "Insulin (given)",
        "Sulfonylurea (given)", "Chemotherapy (not named)", "Liver transplantation", "External radiotherapy",
    }  # fmt: skip
    assert set(treatments_for(dict.fromkeys(labels), set()).unrecognized) == without


def test_the_command_says_where_the_report_is_and_shows_progress(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["report", "-o", str(tmp_path / "out"), "--no-twin", "--json"])
    captured = capsys.readouterr()
    assert ended.value.code == 0
    files = json.loads(captured.out)["files"]
    assert "report.pdf" in files
    assert not any(name.startswith(("twin", "what-if")) for name in files)
    assert "drawing the clinical course" in captured.err
    assert "calibrating" not in captured.err
    titles = re.findall("<h2[^>]*>([^<]*)</h2>", (tmp_path / "out" / "report.html").read_text(encoding="utf-8"))
    assert titles[0] == "Summary"
    assert titles[-1] == "Sources"
    assert "The twin" not in titles


def test_a_record_with_nothing_in_it_gives_a_report_too(tmp_path: Path) -> None:
    record = build_record(parse_yaml(template("empty"), "empty.yaml"))
    write(record, tmp_path)
    assert 1 <= len(pdf_pages(tmp_path)) <= 4


def test_text_of_a_record_cannot_become_markup(tmp_path: Path) -> None:
    evil = "<script>alert(1)</script> #panic() $x$ [*bold*]"
    write(load_case().model_copy(update={"title": evil}), tmp_path)
    assert "<script>alert" not in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "#panic()" in "".join(pdf_pages(tmp_path))
