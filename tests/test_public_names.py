from __future__ import annotations

import insulinoma


def test_all_names_resolve_and_each_has_a_place() -> None:
    assert set(insulinoma.__all__) - {"__version__"} == set(insulinoma._PLACES)
    for name in insulinoma.__all__:
        assert getattr(insulinoma, name) is not None
    assert len(insulinoma.__all__) <= 40


def test_the_version_is_that_of_the_project() -> None:
    from importlib.metadata import version

    assert insulinoma.__version__ == version("insulinoma")
