/** What a comparison found: endpoints with paired differences, the forest, fan charts, orderings, files to keep. */

import { address, get } from "../api.ts";
import { fansHeight, fansOption, fansTable, type Fans } from "../charts/fans.ts";
import { figure } from "../charts/figure.ts";
import { forestHeight, forestOption, forestTable, signed } from "../charts/forest.ts";
import {
  alternatives,
  colorOf,
  isSame,
  SAME,
  shortName,
  type Bands,
  type Endpoint,
  type WhatIf,
} from "../charts/what_if.ts";
import { fill, h } from "../dom.ts";
import type { Job } from "../jobs.ts";
import { digits } from "../numbers.ts";
import { panel, table } from "../parts.ts";
import { onSettings } from "../settings.ts";

export interface Results {
  element: HTMLElement;
  dispose: () => void;
}

/** The sections of a job that is done. */
export async function compareResults(job: Job): Promise<Results> {
  const file = <T>(name: string): Promise<T> => get<T>(`/jobs/${job.id}/files/${name}`);
  const [result, bands] = await Promise.all([file<WhatIf>("result.json"), file<Bands>("bands.json")]);
  const fans: Fans = { result, bands };
  const forest = figure({
    name: "what-if",
    label: "Differences to what was done, with 90 % intervals, for each endpoint and scenario",
    height: (width) => forestHeight(result, width),
    option: (width) => forestOption(result, width),
    table: () => forestTable(result),
  });
  const days = figure({
    name: "what-if-days",
    label: "Each scenario day by day, with what was done behind it",
    height: (width) => fansHeight(fans, width),
    option: (width) => fansOption(fans, width),
    table: () => fansTable(fans),
  });
  const numbers = h("div"),
    pairs = h("div");
  const tables = (): void => {
    fill(numbers, endpointTable(result));
    fill(pairs, orderings(result));
  };
  tables();
  const stop = onSettings(tables);
  const element = h(
    "div",
    { id: "compare-results" },
    panel("endpoints", "Endpoints", shares(result), numbers, notes(result), files(job)),
    panel("differences", "Differences to what was done", forest.element, h("p", { class: "quiet small" }, FOREST)),
    panel("days", "Day by day", days.element, h("p", { class: "quiet small" }, FANS)),
    panel("orderings", "Which is lower", pairs),
  );
  const dispose = (): void => {
    stop();
    forest.dispose();
    days.dispose();
  };
  return { element, dispose };
}

const FOREST =
  "Median and 90 % interval of the difference on the same draws. Open circles: more than 80 % of the answer comes from the prior, not from the record; gray: too few draws differ, or too many parameters matter, to say.";
const FANS =
  "Color: the scenario, median with the bands that hold 50 and 90 of 100 draws. Gray: what was done, median dashed with the band that holds 90. Tumor and marker on a logarithmic axis.";

/** How much of each scenario's answer is the prior. */
function shares(result: WhatIf): HTMLElement {
  const tiles = alternatives(result).map((name) => {
    const found = result.scenarios[name];
    const share = found?.share_of_prior ?? null;
    const assumed = Object.entries(found?.assumes ?? {}).map(([key, value]) => `${key} = ${digits(value)}`);
    return h(
      "div",
      { class: "tile" },
      h("div", { class: "what key" }, h("span", { class: "stroke", "data-color": colorOf(result, name) }), name),
      h("div", { class: "answer" }, share === null ? "no difference" : `${percent(share)} prior`),
      h("div", { class: "because" }, found?.meaning, assumed.length > 0 && ` Assumed: ${assumed.join(", ")}.`),
    );
  });
  const element = h("div", { class: "tiles" }, tiles);
  for (const stroke of element.querySelectorAll<HTMLElement>("[data-color]"))
    stroke.style.borderTopColor = stroke.dataset["color"] ?? "";
  return element;
}

function endpointTable(result: WhatIf): HTMLElement {
  const names = alternatives(result),
    done = result.scenarios[result.baseline]?.endpoints ?? {};
  const rows = Object.entries(done).map(([endpoint, about]) => [
    h("span", {}, `${shortName(endpoint)} `, h("span", { class: "quiet small nowrap" }, about.unit)),
    spread(about),
    ...names.map((name) => outcome(result.scenarios[name]?.endpoints[endpoint])),
  ]);
  return table("Endpoints of each scenario", ["Endpoint", "What was done", ...names], rows);
}

/** An endpoint of a scenario: its value, its paired difference, and how much of that is prior. */
function outcome(found: Endpoint | undefined): HTMLElement {
  const by = found?.difference;
  if (!found || found.median === null || !by || by.median === null)
    return h("span", { class: "quiet" }, "not computed");
  const [low, high] = by.interval_90;
  if (isSame(by)) return h("span", {}, spread(found), h("br"), h("span", { class: "quiet small" }, SAME));
  const prior = found.share_of_prior ?? null;
  const told = prior === null ? "" : `; ${percent(prior)} prior`;
  return h(
    "span",
    {},
    spread(found),
    h("br"),
    h("strong", { class: "small" }, `${signed(by.median)} (${signed(low)} to ${signed(high)})`),
    h("br"),
    h("span", { class: "quiet small" }, `lower in ${percent(by.probability_lower)}${told}`),
  );
}

function spread(found: Endpoint): string {
  if (found.median === null) return "not computed";
  return `${digits(found.median)} (${digits(found.interval_90[0])} to ${digits(found.interval_90[1])})`;
}

function percent(share: number | null): string {
  return share === null ? "–" : `${Math.round(100 * share)} %`;
}

function notes(result: WhatIf): HTMLElement {
  return h(
    "p",
    { class: "quiet small" },
    `Median (90 % interval) of ${result.draws} draws; in bold the difference to what was done, draw by draw. `,
    "Share of prior: how much of a difference comes from parameters of which the record says little; near 100 % it is the prior that speaks. ",
    `Safe fasting and dextrose need are those of day ${result.landmark_day}.`,
  );
}

function orderings(result: WhatIf): HTMLElement {
  const rows = Object.entries(result.orderings).flatMap(([endpoint, pairs]) =>
    pairs.map((pair) => [shortName(endpoint), pair.first, pair.second, percent(pair.probability_first_lower)]),
  );
  const found = table("Probability of ordering", ["Endpoint", "First", "Second", "First is lower in"], rows, true);
  return h("details", {}, h("summary", {}, "The probability of every ordering, pair by pair"), found);
}

/** Table, bands and scenarios as files. */
function files(job: Job): HTMLElement {
  const link = (name: string, words: string): HTMLElement =>
    h("a", { class: "button", href: address(`/jobs/${job.id}/files/${name}`), download: name }, words);
  const scenarios = job.files.filter((name) => name.endsWith(".yaml"));
  return h(
    "div",
    { class: "row" },
    h("span", { class: "quiet small" }, "To keep"),
    link("what-if.csv", "Table (CSV)"),
    link("bands.csv", "Days (CSV)"),
    link("result.json", "JSON"),
    scenarios.map((name) => link(encodeURIComponent(name), name)),
  );
}
