"""The commented record that `new` writes."""

from __future__ import annotations

import re

from insulinoma.data import read_text
from insulinoma.errors import UsageError


def template(name: str) -> str:
    """The text of a new record with an id of small letters, digits and hyphens.

    >>> template("smith-2026").splitlines()[0]
    '# The record of one patient. Lines that begin with # are explanations, those with #: examples to copy.'
    """
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", name):
        raise UsageError(f"{name!r} cannot be the id of a record. Expected small letters, digits and hyphens.")
    return read_text("cases", "template.txt").replace("NAME", name)
