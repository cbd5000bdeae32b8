/** The result of `what-if --json` and the daily bands of its scenarios, as the charts and tables read them. */

import { digits, glucoseIn } from "../numbers.ts";
import { unit } from "../settings.ts";
import { GRAY, SERIES } from "./palette.ts";

export interface Spread {
  median: number | null;
  interval_90: [number | null, number | null];
}

export interface Difference extends Spread {
  probability_lower: number | null;
  probability_higher: number | null;
}

export interface Endpoint extends Spread {
  unit: string;
  difference?: Difference;
  share_of_prior?: number | null;
}

export const SAME = "the same in every draw";

/** Whether no draw differs from what was done. */
export function isSame(found: Difference | undefined): boolean {
  return found?.probability_lower === 0 && found.probability_higher === 0;
}

export interface Outcome {
  meaning: string;
  assumes: Record<string, number>;
  share_of_prior: number | null;
  endpoints: Record<string, Endpoint>;
}

export interface WhatIf {
  case: string;
  baseline: string;
  draws: number;
  landmark_day: number;
  endpoints: Record<string, string>;
  scenarios: Record<string, Outcome>;
  orderings: Record<string, { first: string; second: string; probability_first_lower: number }[]>;
}

/** Percentiles by scenario and quantity: a list of days for each percentile. */
export interface Bands {
  percentiles: number[];
  units: Record<string, string>;
  scenarios: Record<string, Record<string, (number | null)[][]>>;
}

/** Above this share of the prior an answer is drawn open. */
export const MOSTLY_PRIOR = 0.8;

/** The scenarios that are compared with what was done. */
export function alternatives(result: WhatIf): string[] {
  return Object.keys(result.scenarios).filter((name) => name !== result.baseline);
}

/** The color of a scenario; what was done is gray. */
export function colorOf(result: WhatIf, name: string): string {
  const at = alternatives(result).indexOf(name);
  return at < 0 ? GRAY : (SERIES[at % SERIES.length] ?? GRAY);
}

/** An endpoint in a few words. */
export function shortName(endpoint: string): string {
  const limit = /^hours_below_(\d+)$/.exec(endpoint)?.[1];
  if (limit !== undefined) return `Time below ${digits(glucoseIn(unit(), Number(limit)), 2)} ${unit()}`;
  return SHORT[endpoint] ?? endpoint.replaceAll("_", " ");
}

const SHORT: Record<string, string> = {
  days_to_recurrence: "Days to recurrence",
  dextrose_need: "Dextrose need",
  safe_fasting_hours: "Safe fasting",
  tumor_volume: "Viable tumor",
  nse: "NSE",
  ca19_9: "CA19-9",
};
