"""Markup in every text of a record and in the name of its file stays text on every page that shows it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from insulinoma.data import read_text
from insulinoma.record.io.yaml import parse_yaml, write_yaml
from insulinoma.record.validate import validate
from tests.app.conftest import Live
from tests.app.reading import until

MARKUP = "<img src=x onerror=window.owned=1>"


def texts(data: Any, name: str = "") -> Iterator[tuple[str, Any, Any]]:
    """The name of every text of a record, what holds it, and where in that it stands."""
    items = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in items:
        field = key if isinstance(key, str) else name
        if isinstance(value, str):
            yield field, data, key
        elif isinstance(value, dict | list):
            yield from texts(value, field)


def marked() -> tuple[str, set[str]]:
    """The index case with markup in every text that may hold it, and the names of these fields."""
    data = yaml.safe_load(read_text("cases", "muro-2014.yaml").replace(": no\n", ": 'no'\n"))
    fields: dict[str, list[tuple[Any, Any, str]]] = {}
    for field, holder, key in texts(data):
        fields.setdefault(field, []).append((holder, key, holder[key]))
    free = set()
    for field, places in fields.items():
        for holder, key, text in places:
            holder[key] = f"{text} {MARKUP}"
        if validate(parse_yaml(write_yaml(data), "marked.yaml"))[1]:
            for holder, key, text in places:
                holder[key] = text
        else:
            free.add(field)
    return write_yaml(data), free


def test_markup_in_every_text_stays_text(page: Any, live: Live, tmp_path: Path) -> None:
    text, fields = marked()
    assert {"title", "note"} <= fields
    file = tmp_path / f"{MARKUP}.yaml"
    file.write_text(text)
    page.goto(live.page("#/records"))
    page.set_input_files("#file", file)
    page.get_by_role("link", name="Open it").click()
    page.wait_for_selector("#course canvas")
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    for name in page.locator("#criteria button.fact").all()[:4]:
        name.click()
        page.keyboard.press("Escape")
    record = page.url.rpartition("/")[2]
    for view in (f"#/case/{record}", "#/records", f"#/compare?record={record}", f"#/twin?record={record}&days=3"):
        page.goto(live.page(view))
        until(page, f"document.body.innerText.includes({MARKUP!r})")
        assert page.evaluate("document.querySelectorAll('img[src=x]').length") == 0, view
    assert page.evaluate("window.owned") is None
