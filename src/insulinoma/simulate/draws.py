"""People drawn around a subject: the spreads, shares and correlations of its tables, by seed and patient number."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import numpy.typing as npt

from insulinoma.data import read_table
from insulinoma.simulate.subject import Subject

Floats = npt.NDArray[np.float64]

# Of the typical man by the typical woman, where sex itself is drawn.
MAN_BY_WOMAN = {"person.weight": 80 / 66, "person.height": 175 / 162}


def draws(
    who: Subject, numbers: Sequence[int], *, seed: int = 0, fixed: Mapping[str, float] | None = None
) -> dict[str, Floats]:
    """The parameters of patients by number: log-normal within bounds, traits by their share, with their correlations.

    Parameters in `fixed` have that value in every patient. The noise of a parameter is counter-based
    (Philox) with seed and name as key and the patient's number as counter, so that a patient is the
    same in any batch and in any model that holds the parameter.

    >>> from insulinoma.simulate.subject import subject
    >>> found = draws(subject("healthy-man"), [3, 7], seed=1)["liver.EGP_b"]
    >>> bool(found[1] == draws(subject("healthy-man"), [7], seed=1)["liver.EGP_b"][0])
    True
    """
    from scipy.special import ndtr

    priors, given = who.priors, fixed or {}
    names = [name for name, prior in priors.items() if prior.log_spread or prior.share is not None]
    scores = {name: noise(seed, name, numbers) for name in names}
    correlate(scores, correlations(who.name))
    found = {name: np.full(len(numbers), value) for name, value in who.values.items()}
    for name, score in scores.items():
        prior = priors[name]
        if prior.share is not None:
            found[name] = (ndtr(-score) < prior.share).astype(float)
        else:
            found[name] = np.clip(prior.value * np.exp(prior.log_spread * score), prior.low, prior.high)
    if "person.woman" in priors and priors["person.woman"].share is not None:
        man = found["person.woman"] == 0
        for name, factor in MAN_BY_WOMAN.items():
            found[name] = np.where(man, found[name] * factor, found[name])
    return {name: np.full(len(numbers), given[name]) if name in given else value for name, value in found.items()}


def drawn(who: Subject, number: int, *, seed: int = 0, fixed: Mapping[str, float] | None = None) -> Subject:
    """The patient of a number, as `draws` gives it, with the habits of the subject.

    >>> from insulinoma.simulate.subject import subject
    >>> drawn(subject("healthy-man"), 3, seed=1) == drawn(subject("healthy-man"), 3, seed=1)
    True
    """
    values = draws(who, [number], seed=seed, fixed=fixed)
    return replace(who, parameters=tuple((name, float(value[0])) for name, value in values.items()))


@cache
def correlations(subject: str) -> tuple[tuple[str, str, float], ...]:
    """Correlations between parameters in the people of a subject: of the logarithm, or of the liability to a trait.

    >>> ("insulin.I_b", "insulin.CL_h") in {pair[:2] for pair in correlations("healthy-man")}
    True
    """
    rows = read_table("populations", "correlations.csv")
    return tuple(
        (row["parameter"], row["other"], float(row["correlation"]))
        for row in rows
        if row["subject"] in ("all", subject)
    )


Pairs = Iterable[tuple[str, str, float]]


def possible(pairs: Pairs) -> bool:
    """Whether people can have these correlations together."""
    return bool(np.linalg.eigvalsh(_matrix(pairs)[1]).min() > 1e-9)


def correlate(scores: dict[str, Floats], pairs: Pairs) -> None:
    """Replaces independent scores by correlated ones; a parameter keeps its own score where it has no pair.

    Of two values for a pair the later holds.
    """
    names, matrix = _matrix(pair for pair in pairs if pair[0] in scores and pair[1] in scores)
    if names:
        # Summed one after another, as the sums of a matrix product depend on how many patients there are.
        own = [scores[name] for name in names]
        for name, weights in zip(names, np.linalg.cholesky(matrix).tolist(), strict=True):
            scores[name] = sum(weight * score for weight, score in zip(weights, own, strict=True) if weight)


def _matrix(pairs: Pairs) -> tuple[list[str], Floats]:
    """The parameters of some pairs, and the matrix of their correlations."""
    known = list(pairs)
    names = list(dict.fromkeys(name for pair in known for name in pair[:2]))
    matrix = np.eye(len(names))
    for one, other, value in known:
        row, column = names.index(one), names.index(other)
        matrix[row, column] = matrix[column, row] = value
    return names, matrix


def noise(seed: int, name: str, numbers: npt.ArrayLike) -> Floats:
    """Standard normal noise of patients by seed, name and number (Box and Muller, from one block each).

    >>> noise(1, "a", [4])[0] == noise(1, "a", [9, 4])[1]
    np.True_
    """
    first, second = _uniform(seed, name, numbers).T
    return np.asarray(np.sqrt(-2 * np.log(first)) * np.cos(2 * np.pi * second))


def chance(seed: int, name: str, numbers: npt.ArrayLike) -> Floats:
    """Uniform noise of patients between 0 and 1, neither included."""
    return _uniform(seed, name, numbers)[:, 0]


def _uniform(seed: int, name: str, numbers: npt.ArrayLike) -> Floats:
    """Two uniform numbers a patient: one block of Philox, keyed by seed and name, counted by number [Salmon2011]."""
    rows = np.asarray(numbers, np.uint64)
    key = np.array([seed, int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")], np.uint64)
    first, span = (int(rows.min()), int(rows.max() - rows.min()) + 1) if len(rows) else (0, 0)
    if span <= 8 * len(rows):
        blocks = np.asarray(np.random.Philox(key=key, counter=first).random_raw(4 * span)).reshape(-1, 4)
        blocks = blocks[(rows - np.uint64(first)).astype(np.int64)]
    else:
        blocks = np.stack([np.asarray(np.random.Philox(key=key, counter=int(row)).random_raw(4)) for row in rows])
    return np.asarray(((blocks[:, :2] >> np.uint64(11)) + 0.5) * 2.0**-53, np.float64)
