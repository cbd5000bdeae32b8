"""The results of calibration and what-if as text for people."""

from __future__ import annotations

from typing import Any

_SHOWN = 15


def in_glucose_unit(result: dict[str, Any], unit: str) -> dict[str, Any]:
    """A result with every glucose (the only quantity in mg/dL) in the unit asked for."""
    if unit == "mg/dL":
        return result
    return {key: _converted(value, unit) for key, value in result.items()}


def _converted(value: Any, unit: str) -> Any:
    if isinstance(value, list):
        return [_converted(item, unit) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get("unit") == "mg/dL":
        return {key: item if key in _NOT_GLUCOSE else _scaled(item) for key, item in value.items()} | {"unit": unit}
    return {key: _converted(item, unit) for key, item in value.items()}


_NOT_GLUCOSE = (
    "tail",
    "limit",
    "probability",
    "share_of_prior",
    "moved_from_prior",
    "contraction",
    "ess",
    "moved",
    "moved_by",
)


def _scaled(value: Any) -> Any:
    from insulinoma.quantities import convert

    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, list):
        return [_scaled(item) for item in value]
    if isinstance(value, dict):
        return {key: _scaled(item) for key, item in value.items()}
    return convert("glucose", float(value), "mg/dL", "mmol/L").value


def calibration_text(result: dict[str, Any]) -> str:
    """The summary, the facts with their check, and the parameters that moved."""
    lines = [f"Twin of {result['case']}: {result['method']}, because {result['why_this_method']}.", ""]
    lines += [f"- {line}" for line in result["summary"]]
    lines += ["", "Facts and what the twin would give again (median, 90 %):"]
    for name, check in result["facts"].items():
        low, high = check["predicted"]["interval_90"]
        said = f"{check['observed']:.4g}" if check["observed"] is not None else f"p {check['probability']:.2f}"
        unit = "" if check["unit"] == "1" else f" {check['unit']}"
        span = f"{check['predicted']['median']:.3g} ({low:.3g} to {high:.3g}){unit}"
        lines.append(f"  {check['verdict']:12s} {name:26s} {said:>8s}   {span}")
    lines += ["", "Parameters that moved from their prior (median and 90 %: prior, posterior):"]
    moved = [(name, item) for name, item in result["parameters"].items() if item["moved"]]
    for name, item in sorted(moved, key=lambda pair: -pair[1]["moved_from_prior"])[:_SHOWN]:
        by = ", ".join(part["fact"] for part in item["moved_by"])
        lines.append(f"  {name:32s} {_span(item['prior'])}  ->  {_span(item['posterior'])} {item['unit']}  {by}")
    if len(moved) > _SHOWN:
        lines.append(f"  and {len(moved) - _SHOWN} more (--json has all)")
    if not moved:
        lines.append("  none")
    lines += ["", f"Facts that were not used: {len(result['not_used'])} (--json says why)."]
    return "\n".join(lines)


def _span(item: dict[str, Any]) -> str:
    low, high = item["interval_90"]
    return f"{item['median']:.3g} ({low:.3g} to {high:.3g})"


def what_if_text(result: dict[str, Any]) -> str:
    """Each endpoint with what was done and the paired difference of every scenario."""
    scenarios = result["scenarios"]
    done = scenarios[result["baseline"]]["endpoints"]
    lines = [f"What if, for {result['case']}: {result['draws']} posterior draws, each its own control.", ""]
    for name, scenario in scenarios.items():
        lines.append(f"  {name}: {scenario['meaning']}")
    for endpoint, about in done.items():
        lines += [
            "",
            f"{result['endpoints'][endpoint]} ({about['unit']}); difference to what was done, median and 90 %:",
        ]
        for name, scenario in scenarios.items():
            lines.append(_line(name, scenario["endpoints"][endpoint]))
    lines += [
        "",
        "p(lower): probability that the endpoint is lower than under what was done. prior: share of the answer",
    ]
    lines.append("that comes from parameters of which the record says little; near 1 it is the prior that speaks.")
    lines.append(f"Fasting and dextrose need are those of day {result['landmark_day']}.")
    return "\n".join(lines)


def _line(name: str, item: dict[str, Any]) -> str:
    if item["median"] is None:
        return f"  {name:28s} not computed"
    found = f"  {name:28s} {_span(item):28s}"
    difference = item.get("difference")
    if difference is None or difference["median"] is None:
        return found.rstrip()
    prior = "  prior -" if item["share_of_prior"] is None else f"  prior {item['share_of_prior']:.2f}"
    return f"{found} {_signed(difference):30s} p(lower) {difference['probability_lower']:.2f}{prior}"


def _signed(item: dict[str, Any]) -> str:
    low, high = item["interval_90"]
    return f"{item['median']:+.3g} ({low:+.3g} to {high:+.3g})"
