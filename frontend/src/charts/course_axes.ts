/** Titles and axes of the panels of the clinical course. */

import { glucoseIn } from "../numbers.ts";
import { tickCandidates, type Course, type CourseRow, type Panel } from "./course_data.ts";
import { FONT_PX, type LaneStyle } from "./course_draw.ts";
import type { Window } from "./course.ts";
import { TITLE } from "./course_style.ts";
import { chooseTicks } from "./ticks.ts";

export function noteOf(panel: Panel, course: Course, style: LaneStyle): string {
  if (panel.kind !== "glucose" || !style.narrow)
    return style.narrow ? panel.note.replace(", log scale", "") : panel.note;
  return course.glucose_unit === "mg/dL" ? "mg/dL left, mmol/L right" : "mmol/L left, mg/dL right";
}

export function titleOf(panel: Panel, note: string, top: number, style: LaneStyle): Record<string, unknown> {
  return {
    text: note ? `{b|${panel.title}}  {n|${note}}` : `{b|${panel.title}}`,
    left: 0,
    top: top - TITLE + 4,
    padding: 0,
    textStyle: {
      color: style.inks.ink,
      rich: {
        b: { fontWeight: 650, fontSize: 13 },
        n: { color: style.inks.quiet, fontSize: FONT_PX, fontWeight: "normal" },
      },
    },
  };
}

export function xAxis(
  course: Course,
  index: number,
  last: boolean,
  window: Window,
  plot: { left: number; right: number },
  style: LaneStyle,
): Record<string, unknown> {
  const { axis } = course;
  const low = axis.not_stated?.[0] ?? axis.strip[0] ?? axis.left;
  const pixel = (at: number): number =>
    plot.left + ((at - window.low) / (window.high - window.low)) * (plot.right - plot.left);
  const ticks = last ? chooseTicks(tickCandidates(course, window.low, window.high), pixel, 8) : [];
  const labels = new Map(ticks.map((tick) => [tick.at, tick.label]));
  const values = ticks.map((tick) => tick.at);
  return {
    type: "value",
    gridIndex: index,
    min: low,
    max: axis.right,
    splitLine: { show: false },
    axisLine: { show: last, onZero: false, lineStyle: { color: style.inks.quiet } },
    axisTick: { show: last, customValues: values, lineStyle: { color: style.inks.quiet } },
    axisLabel: {
      show: last,
      customValues: values,
      formatter: (at: number) => labels.get(at) ?? "",
      color: style.inks.ink,
      fontSize: FONT_PX,
      hideOverlap: false,
    },
    name: last ? (axis.days === null ? "" : axis.day_zero === null ? "Day" : "Date") : "",
    nameLocation: "middle",
    nameGap: 28,
    nameTextStyle: { color: style.inks.quiet },
  };
}

/** The upright axes of a panel: none for lanes, two units for glucose, a log scale for markers. */
export function yAxes(panel: Panel, index: number, course: Course, style: LaneStyle): Record<string, unknown>[] {
  const base = { type: "value", gridIndex: index };
  if (panel.kind === "lanes") return [{ ...base, inverse: true, min: 0, max: panel.lanes.length, show: false }];
  const look = { axisLine: { show: true, lineStyle: { color: style.inks.quiet } }, splitLine: { show: false } };
  const at = (customValues: number[]): Record<string, unknown> => ({
    axisLabel: { color: style.inks.ink, fontSize: FONT_PX, customValues },
    axisTick: { show: true, customValues },
  });
  if (panel.kind === "markers") {
    const multiples = panel.rows.map((row) => row.times_limit ?? 1);
    const [min, max] = [Math.min(0.7, ...multiples) * 0.8, Math.max(10, ...multiples) * 1.5];
    return [{ ...base, type: "log", min, max, ...look, ...at([1, 3, 10, 30, 100]) }];
  }
  const high = topOfGlucose(panel.rows);
  const axis = (unit: string, position: string): Record<string, unknown> => {
    const values = unit === "mmol/L" ? [0, 2, 3, 3.9, 6, 10, 15, 20] : [0, 54, 70, 100, 150, 200, 300];
    const max = glucoseIn(unit, high),
      name = style.narrow ? "" : unit;
    const named = { name, nameTextStyle: { color: style.inks.quiet }, nameGap: 8 };
    return { ...base, position, min: 0, max, ...look, ...named, ...at(values.filter((value) => value <= max)) };
  };
  return [axis(course.glucose_unit, "left"), axis(course.glucose_unit === "mg/dL" ? "mmol/L" : "mg/dL", "right")];
}

export function topOfGlucose(rows: readonly CourseRow[]): number {
  const highest = Math.max(100, ...rows.map((row) => mgDl(row)));
  return highest <= 105 ? 110 : highest * 1.08;
}

/** A glucose value of a row in mg/dL. */
export function mgDl(row: CourseRow): number {
  const shown = row.shown_value ?? 0;
  return row.shown_unit === "mmol/L" ? shown * 18.016 : shown;
}
