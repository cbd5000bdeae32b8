/** Whose twin it is: a subject of the model, or a record with draws of its calibration or of its prior. */

import { get, postForBytes, Refusal } from "../api.ts";
import type { Job } from "../jobs.ts";
import { readSeries, type Series } from "../series.ts";
import {
  habitItems,
  itemsOf,
  orderEntry,
  ordersOf,
  unplaced,
  type OrderEntry,
  type RecordOrder,
} from "./twin_items.ts";
import type { Habits, Item } from "./twin_kinds.ts";

export interface Given {
  habits: Habits;
  before: RecordOrder[];
  given: RecordOrder[];
  assumed: string[];
  left_out: string[];
  days: number;
}

export interface Source {
  habits: Habits;
  /** The record, or nothing for a subject of the model. */
  record: string | null;
  given: Given | null;
  /** The calibration whose draws are run; nothing once the server said that it does not fit. */
  posterior: Job | null;
  /** Orders of the record that have no lane; they are given all the same. */
  rest: readonly OrderEntry[];
  first: (days: number) => Item[];
  ask: (items: readonly Item[], days: number, patients: number) => Promise<Series>;
  legend: (draws: number) => string;
}

export const DRAWS = 200;

/** A subject of the model. */
export async function subjectSource(name: string): Promise<Source> {
  const habits = await get<Habits>(`/model/${name}`);
  return {
    habits,
    record: null,
    given: null,
    posterior: null,
    rest: [],
    first: (days) => firstOf(habits, days),
    ask: async (items, days, patients) =>
      readSeries(await postForBytes("/simulate", { subject: name, regimen: ordersOf(items, habits), days, patients })),
    legend: () =>
      `Line: the typical subject. Bands: the middle half, and for glucose 95 of 100, of ${DRAWS} patients drawn from the population around it (the prior; fitted to no record). Days of daily life come before day 0.`,
  };
}

/** A record, with the newest calibration of it, if there is one. */
export async function recordSource(record: string): Promise<Source> {
  const path = `/records/${encodeURIComponent(record)}/twin`;
  const [given, posterior] = await Promise.all([get<Given>(path), lastCalibration(record)]);
  const rest = unplaced(given.given).map(orderEntry);
  const { habits } = given;
  let refused = "";
  const source: Source = {
    habits,
    record,
    given,
    posterior,
    rest,
    first: () => itemsOf(given.given, habits),
    ask: async (items, days, patients) => {
      const request = { regimen: [...ordersOf(items, habits), ...rest], days, patients };
      const on = async (draws: string | null): Promise<Series> =>
        readSeries(await postForBytes(path, { ...request, posterior: draws }));
      if (source.posterior === null) return on(null);
      try {
        return await on(source.posterior.id);
      } catch (error) {
        if (!(error instanceof Refusal) || error.kind !== "usage") throw error;
        const series = await on(null);
        source.posterior = null;
        refused = error.message;
        return series;
      }
    },
    legend: (draws) => `${refused} ${recordLegend(source.posterior, draws)}`.trim(),
  };
  return source;
}

function recordLegend(posterior: Job | null, draws: number): string {
  const bands = `Bands: the middle half, and for glucose 95 of 100, of ${draws} draws`;
  return posterior
    ? `Calibrated. Line: the middle of the posterior. ${bands} of the posterior of this record.`
    : `Not calibrated. Line: the middle of the prior. ${bands} of the prior: what is known of such patients before anything that was measured in this one.`;
}

/** The newest calibration of a record that is done. */
export async function lastCalibration(record: string): Promise<Job | null> {
  return (await calibrations(record)).find((job) => job.status === "done") ?? null;
}

/** All calibrations of a record, the newest first. */
export async function calibrations(record: string): Promise<Job[]> {
  const { jobs } = await get<{ jobs: Job[] }>("/jobs");
  return jobs.filter((job) => job.kind === "calibrate" && job.request["record"] === record);
}

/** What is given at first: how the subject lives, and an embolization where it has metastases. */
function firstOf(habits: Habits, days: number): Item[] {
  const found = habitItems(habits, days);
  if ("right_lobe.embolize" in habits.orders)
    found.push({ kind: "embolize_right", start: Math.min(3, days / 2), stop: 0, amount: 1 });
  return found;
}
