"""Criteria for lesions whose living part changes more than their size: mRECIST, EASL, Choi, WHO 1979.

Sums are decimals. mRECIST and EASL are validated in hepatocellular carcinoma, Choi in GIST.
"""

from __future__ import annotations

from decimal import Decimal

from insulinoma.assessment.recist import Response


def mrecist(baseline: Decimal, nadir: Decimal, total: Decimal, *, new_lesion: bool = False) -> Response:
    """The response by the sum of viable diameters in mm [mRECIST].

    >>> mrecist(Decimal(50), Decimal(50), Decimal(35))
    'PR'
    """
    if new_lesion or (total > nadir and total * 100 >= nadir * 120):
        return "PD"
    if total == 0:
        return "CR"
    return "PR" if total * 100 <= baseline * 70 else "SD"


def easl(baseline: Decimal, nadir: Decimal, total: Decimal, *, new_lesion: bool = False) -> Response:
    """The response by the sum of enhancing areas in mm2; more than 25 % of rise is progression [EASL].

    >>> easl(Decimal(400), Decimal(400), Decimal(500))
    'SD'
    """
    if new_lesion or total * 100 > nadir * 125:
        return "PD"
    if total == 0:
        return "CR"
    return "PR" if total * 100 <= baseline * 50 else "SD"


def who_1979(baseline: Decimal, nadir: Decimal, total: Decimal, *, new_lesion: bool = False) -> Response:
    """The response by the sum of cross-products in mm2 [WHO1979].

    >>> who_1979(Decimal(400), Decimal(400), Decimal(500))
    'PD'
    """
    if new_lesion or (total > nadir and total * 100 >= nadir * 125):
        return "PD"
    if total == 0:
        return "CR"
    return "PR" if total * 100 <= baseline * 50 else "SD"


def choi(
    size: tuple[Decimal, Decimal], attenuation: tuple[Decimal, Decimal] | None, *, new_lesion: bool = False
) -> Response:
    """The response by size (mm) or attenuation (HU), each as (baseline, now) [Choi2007].

    A fall of 10 % in size or 15 % in attenuation is a partial response; a rise of 10 % in size is
    progression unless the attenuation has fallen so far. NE where the attenuation would decide and is
    not known.

    >>> choi((Decimal(100), Decimal(112)), (Decimal(80), Decimal(60)))
    'PR'
    """
    before, now = size
    if new_lesion:
        return "PD"
    if now == 0:
        return "CR"
    if now * 100 <= before * 90:
        return "PR"
    if attenuation is None or attenuation[0] <= 0:
        return "NE"
    if attenuation[1] * 100 <= attenuation[0] * 85:
        return "PR"
    return "PD" if now * 100 >= before * 110 else "SD"
