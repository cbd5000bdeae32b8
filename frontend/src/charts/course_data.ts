/** The clinical course as the server sends it, and the lanes and panels that it is drawn in. */

import { roundValues, type Candidate } from "./ticks.ts";

export interface CourseRow {
  key: string;
  panel: string;
  item: string;
  kind: string;
  start_day: number | null;
  end_day: number | null;
  time_known: string;
  when: string;
  value: number | null;
  upper_value: number | null;
  unit: string;
  shown_value: number | null;
  shown_unit: string;
  times_limit: number | null;
  limit_from: string;
  level: string;
  words: string;
  time: string;
  text: string;
  basis: string;
  source: string;
  x: [number, number];
  at: number | null;
  options: number[];
  look: string;
  tone: string;
  class: string | null;
  name: string;
  group: string | null;
  hover: string;
}

export interface CourseAxis {
  left: number;
  right: number;
  strip: number[];
  boundaries: string[];
  not_stated: [number, number] | null;
  span: [number, number] | null;
  days: [number, number] | null;
  day_zero: string | null;
}

export interface Course {
  case: string;
  title: string;
  glucose_unit: string;
  axis: CourseAxis;
  rows: CourseRow[];
}

export interface Lane {
  name: string;
  rows: CourseRow[];
}

export interface Panel {
  title: string;
  note: string;
  kind: "lanes" | "glucose" | "markers";
  lanes: Lane[];
  rows: CourseRow[];
}

const NUMBERS = new Set(["value", "censored", "interval"]);

/** The panels that have something to show, from top to bottom. */
export function panelsOf(rows: readonly CourseRow[]): Panel[] {
  const of = (name: string): CourseRow[] => rows.filter((row) => row.panel === name);
  const number = (row: CourseRow): boolean => NUMBERS.has(row.kind);
  const multiple = (row: CourseRow): boolean => row.times_limit !== null;
  const glucose = of("glucose"),
    markers = of("markers");
  const note = "multiples of the upper limit, log scale";
  const panels: Panel[] = [
    lanePanel("Treatment", of("treatments")),
    lanePanel(
      "Glucose in words",
      glucose.filter((row) => !number(row)),
      saidOfGlucose,
    ),
    { title: "Glucose", note: "", kind: "glucose", lanes: [], rows: glucose.filter(number) },
    lanePanel("Hormones and metabolites", of("hormones")),
    { title: "Tumor markers", note, kind: "markers", lanes: [], rows: markers.filter(multiple) },
    lanePanel(
      "Markers in words",
      markers.filter((row) => !multiple(row)),
    ),
    lanePanel("Tumor", of("tumor")),
    lanePanel("Other measurements", of("other")),
    lanePanel("Symptoms and outcome", of("symptoms")),
  ];
  return panels.filter((panel) => panel.lanes.length > 0 || panel.rows.length > 0);
}

/** Statements on glucose stand in lanes by what they say. */
function saidOfGlucose(row: CourseRow): string {
  const words = row.name === "hypoglycemia" ? row.words : `${row.item} ${row.words}`;
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function lanePanel(title: string, rows: readonly CourseRow[], name = (row: CourseRow): string => row.item): Panel {
  return { title, note: "", kind: "lanes", lanes: lanesBy(rows, name), rows: [] };
}

function lanesBy(rows: readonly CourseRow[], name: (row: CourseRow) => string): Lane[] {
  const found = new Map<string, CourseRow[]>();
  for (const row of rows) {
    const key = name(row);
    found.set(key, [...(found.get(key) ?? []), row]);
  }
  return [...found].flatMap(([key, own]) =>
    tracks(own).map((track, index) => ({ name: index === 0 ? key : "", rows: track })),
  );
}

/** Rows of one name that overlap in time go into tracks of their own, below each other. */
function tracks(rows: readonly CourseRow[]): CourseRow[][] {
  const found: CourseRow[][] = [];
  for (const row of [...rows].sort((a, b) => a.x[0] - b.x[0] || a.x[1] - b.x[1])) {
    const free = found.find((track) => !overlaps(track.at(-1), row));
    if (free) free.push(row);
    else found.push([row]);
  }
  return found;
}

function overlaps(last: CourseRow | undefined, row: CourseRow): boolean {
  return last !== undefined && endOf(last) > startOf(row) + 1e-6;
}

const startOf = (row: CourseRow): number => (NUMBERS.has(row.kind) && row.at !== null ? row.at : row.x[0]);
const endOf = (row: CourseRow): number =>
  NUMBERS.has(row.kind) && row.at !== null
    ? row.at
    : row.end_day === null && row.start_day !== null
      ? row.x[0] + 4
      : row.x[1];

/** The day at a place of the axis, or the place of a day. */
export function dayScale(axis: CourseAxis): { place: (day: number) => number; day: (place: number) => number } {
  const [left, right] = axis.span ?? [axis.left, axis.right],
    [first, last] = axis.days ?? [0, 1];
  const rate = (right - left) / (last - first);
  return { place: (day) => left + (day - first) * rate, day: (place) => first + (place - left) / rate };
}

/** Days that could be ticks: those that the source names go before round ones. */
export function tickCandidates(course: Course, low: number, high: number): Candidate[] {
  const { axis } = course;
  if (axis.span === null || axis.days === null) return [];
  const scale = dayScale(axis),
    found = new Map<number, number>();
  const weigh = (day: number | null, weight: number): void => {
    if (day !== null) found.set(Math.floor(day), Math.max(found.get(Math.floor(day)) ?? 0, weight));
  };
  for (const row of course.rows) {
    if (row.panel === "table only") continue;
    if (row.time_known === "exact") weigh(row.start_day, row.kind === "event" || row.kind === "treatment" ? 5 : 2);
    if (row.time_known === "exact" && row.end_day !== null && row.end_day - (row.start_day ?? 0) > 1)
      weigh(row.end_day - 1, 3);
    if (row.time_known === "start only") weigh(row.start_day, 4);
    for (const option of row.options) weigh(scale.day(option), 1.5);
  }
  const from = Math.max(scale.day(low), axis.days[0]),
    to = Math.min(scale.day(high), axis.days[1]);
  for (const day of roundValues(from, to, 8)) if (!found.has(day)) found.set(day, 0.5);
  return [...found]
    .filter(([day]) => day >= from && day <= to)
    .map(([day, weight]) => ({ at: scale.place(day + 0.5), label: dayWords(day, axis.day_zero), weight }));
}

/** A day as the record counts it: a number, or a date. */
export function dayWords(day: number, zero: string | null): string {
  if (zero === null) return String(day);
  const date = new Date(`${zero}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + day);
  return date.toISOString().slice(0, 10);
}
