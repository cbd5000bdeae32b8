/** What a calibration found: how much of it is prior, its diagnostics, the facts, the parameters that moved. */

import { h, type Child } from "../dom.ts";
import { digits, glucoseIn } from "../numbers.ts";
import { table } from "../parts.ts";
import { unit } from "../settings.ts";
import { tile } from "./twin_numbers.ts";

interface Spread {
  median: number | null;
  interval_90: [number | null, number | null];
}

interface Check {
  says: string;
  unit: string;
  observed: number | null;
  predicted: Spread;
  probability: number | null;
  verdict: string;
}

interface Parameter {
  unit: string;
  meaning: string;
  prior: Spread;
  posterior: Spread;
  moved: boolean;
  moved_from_prior: number;
  moved_by: { fact: string }[];
}

/** The part of `calibrate --json` that is shown. */
export interface Calibration {
  method: string;
  why_this_method: string;
  draws: number;
  summary: string[];
  diagnostics: { r_hat_max: number; ess_min: number; pareto_k: number | null; failed: string[] };
  facts: Record<string, Check>;
  parameters: Record<string, Parameter>;
  assumed: string[];
}

const BOUNDS = { rHat: 1.01, ess: 400, k: 0.7 };

/** The view of a result. */
export function calibrationView(found: Calibration): HTMLElement {
  const { diagnostics } = found;
  const [first = "", ...others] = found.summary.filter((line) => !diagnostics.failed.includes(line));
  return h(
    "div",
    { class: "results" },
    h("p", {}, h("strong", {}, first)),
    h(
      "div",
      { class: "tiles" },
      tile("R-hat, largest", digits(diagnostics.r_hat_max, 4), `should be at most ${BOUNDS.rHat}`),
      tile("Effective draws, least", digits(diagnostics.ess_min), `should be at least ${BOUNDS.ess}`),
      tile("Pareto k", digits(diagnostics.pareto_k, 2), `should be at most ${BOUNDS.k}`),
      tile("Method", found.method, `${found.draws} draws`),
    ),
    failures(diagnostics.failed),
    others.map((line) => h("p", {}, line)),
    h("details", {}, h("summary", {}, "Each fact, and what the twin would give again"), factTable(found)),
    h("details", {}, h("summary", {}, "The parameters that moved"), parameterTable(found)),
    h(
      "details",
      {},
      h("summary", {}, `${found.assumed.length} assumptions where the record is silent`),
      h(
        "ul",
        { class: "tight small" },
        found.assumed.map((line) => h("li", {}, line)),
      ),
    ),
  );
}

function failures(failed: readonly string[]): Child {
  if (failed.length === 0) return h("p", { class: "verdict not_met" }, "all diagnostics hold");
  return h(
    "div",
    { class: "alert" },
    h("p", {}, h("strong", {}, "The draws are fewer or less certain than they should be.")),
    h(
      "ul",
      { class: "tight" },
      failed.map((line) => h("li", {}, line)),
    ),
  );
}

function factTable(found: Calibration): HTMLElement {
  const rows = Object.entries(found.facts).map(([name, check]) => [
    name,
    check.says,
    spread(check.predicted, check.unit),
    check.probability === null ? "" : digits(check.probability, 2),
    h("span", { class: `badge ${check.verdict === "contradicted" ? "failed" : ""}` }, check.verdict),
  ]);
  return table("Facts", ["Fact", "It says", "The twin: median (90 %)", "Probability", "Verdict"], rows);
}

function parameterTable(found: Calibration): HTMLElement {
  const moved = Object.entries(found.parameters)
    .filter(([, item]) => item.moved)
    .sort(([, a], [, b]) => b.moved_from_prior - a.moved_from_prior);
  const rows = moved.map(([name, item]) => [
    h("span", {}, h("code", {}, name), h("br"), h("span", { class: "quiet small" }, item.meaning)),
    spread(item.prior, item.unit),
    spread(item.posterior, item.unit),
    item.moved_by.map((part) => part.fact).join(", ") || "no single fact beyond chance",
  ]);
  return table("Parameters that moved", ["Parameter", "Before: median (90 %)", "After", "Moved by"], rows);
}

/** Median and 90 % interval with the unit; glucose in the unit of the reader. */
export function spread(item: Spread, of: string): string {
  if (item.median === null) return "not computed";
  const glucose = of === "mg/dL",
    name = glucose ? unit() : of === "1" ? "" : of;
  const shown = (value: number | null): string => digits(value !== null && glucose ? glucoseIn(unit(), value) : value);
  return `${shown(item.median)} (${shown(item.interval_90[0])} to ${shown(item.interval_90[1])}) ${name}`.trim();
}
