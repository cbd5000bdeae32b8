"""Looking at a view: until it is as expected, and that nobody is shut out of it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

LOOKS = (("light", 1280), ("dark", 380))


def until(page: Any, script: str, seconds: float = 60) -> None:
    """Waits until a script gives true; the page's own policy forbids the waiting of the browser's driver."""
    end = time.monotonic() + seconds
    while not page.evaluate(script):
        assert time.monotonic() < end, script
        page.wait_for_timeout(100)


def shuts_no_one_out(page: Any, frontend: Path, name: str) -> None:
    """Nothing serious for axe-core, and nothing over the edge, as the view stands."""
    width = page.evaluate("innerWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    page.evaluate((frontend / "node_modules" / "axe-core" / "axe.min.js").read_text())
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    grave = [item for item in found["violations"] if item["impact"] in ("serious", "critical")]
    assert [(name, item["id"], item["nodes"][0]["html"][:120]) for item in grave] == []


def in_every_look(page: Any, frontend: Path, name: str) -> None:
    """The same in light and wide, and in dark and narrow, with all that is folded away opened."""
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    for theme, width in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.get_by_role("button", name=theme, exact=True).click()
        page.wait_for_timeout(200)
        shuts_no_one_out(page, frontend, f"{name}, {theme}")
