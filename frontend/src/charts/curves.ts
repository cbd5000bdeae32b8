/** Curves of a run: quantities in panels under each other, one color a run, bands where patients are drawn. */

import { digits, scaleOf } from "../numbers.ts";
import { points, type Series } from "../series.ts";
import { unit } from "../settings.ts";
import { FONT, type Option } from "./echarts.ts";
import type { Table } from "./figure.ts";
import { extremes, isLong, swings } from "./days.ts";
import { inks, type Inks } from "./palette.ts";

export interface Curve {
  label: string;
  color: string;
  dashed?: boolean;
  series: Series;
  band?: Series | null;
}

export interface Quantity {
  name: string;
  title: string;
  height: number;
}

export const QUANTITIES: Record<string, Quantity> = {
  glucose: { name: "glucose", title: "Glucose", height: 190 },
  insulin: { name: "insulin", title: "Insulin", height: 110 },
  c_peptide: { name: "c_peptide", title: "C-peptide", height: 110 },
  glucagon: { name: "glucagon", title: "Glucagon", height: 110 },
  glycogen: { name: "glycogen", title: "Liver glycogen", height: 110 },
  tumor_volume: { name: "tumor_volume", title: "Viable tumor", height: 110 },
};

const LEFT = 58,
  RIGHT = 16,
  TITLE = 32,
  GAP = 14,
  FOOT = 44;

export interface View {
  curves: readonly Curve[];
  quantities: readonly Quantity[];
  /** Minutes of one unit of the axis, and its name. */
  minutesPerX: number;
  axis: string;
  end: number;
}

/** Hours up to three days, then days. */
export function axisOf(minutes: number): { minutesPerX: number; axis: string } {
  if (minutes <= 360) return { minutesPerX: 1, axis: "minutes" };
  return minutes <= 4320 ? { minutesPerX: 60, axis: "hours" } : { minutesPerX: 1440, axis: "days" };
}

/** How high the chart is. */
export function curvesHeight(view: View): number {
  return view.quantities.reduce((sum, one) => sum + one.height + TITLE + GAP, 0) + FOOT;
}

function unitOf(view: View, quantity: Quantity): { name: string; factor: number } {
  return scaleOf(quantity.name === "glucose", unit(), view.curves[0]?.series.units[quantity.name] ?? "");
}

/** The chart of a view. */
export function curvesOption(view: View): Option {
  const ink = inks(),
    tops: number[] = [];
  let top = 0;
  for (const one of view.quantities) {
    tops.push((top += TITLE));
    top += one.height + GAP;
  }
  return {
    animation: false,
    textStyle: { fontFamily: FONT, color: ink.ink },
    grid: view.quantities.map(({ height }, at) => ({
      left: LEFT,
      right: RIGHT,
      top: tops[at],
      height,
      outerBoundsMode: "none",
    })),
    title: view.quantities.map((one, at) => titleOf(view, one, tops[at] ?? 0, ink)),
    xAxis: view.quantities.map((_, at) => xAxis(view, at, ink)),
    yAxis: view.quantities.map((_, at) => yAxis(at, ink)),
    axisPointer: { link: [{ xAxisIndex: "all" }] },
    tooltip: {
      trigger: "axis",
      confine: true,
      backgroundColor: ink.paper,
      borderColor: ink.line,
      textStyle: { color: ink.ink, fontSize: 12 },
      valueFormatter: (value: unknown) => digits(typeof value === "number" ? value : null, 3),
    },
    series: view.quantities.flatMap((one, at) => view.curves.flatMap((curve) => lines(view, one, at, curve, ink))),
  };
}

function titleOf(view: View, quantity: Quantity, top: number, ink: Inks): Record<string, unknown> {
  const quiet = { color: ink.quiet, fontSize: 12, fontWeight: "normal" };
  const days = isLong(view) && swings(quantity) ? ", lowest and highest of each day" : "";
  const text = `{b|${quantity.title}}  {n|${unitOf(view, quantity).name.replace("uU", "µU")}${days}}`;
  const textStyle = { color: ink.ink, rich: { b: { fontWeight: 650, fontSize: 13 }, n: quiet } };
  return { text, left: 0, top: top - TITLE + 4, padding: 0, textStyle };
}

function xAxis(view: View, at: number, ink: Inks): Record<string, unknown> {
  const show = at === view.quantities.length - 1;
  return {
    type: "value",
    gridIndex: at,
    min: 0,
    max: view.end / view.minutesPerX,
    splitLine: { show: false },
    axisLine: { lineStyle: { color: ink.quiet } },
    axisLabel: { show, color: ink.ink, fontSize: 12 },
    axisTick: { show },
    axisPointer: { label: { show: false } },
    name: show ? view.axis : "",
    nameLocation: "middle",
    nameGap: 26,
    nameTextStyle: { color: ink.quiet },
  };
}

function yAxis(at: number, ink: Inks): Record<string, unknown> {
  const label = { color: ink.ink, fontSize: 12 },
    splitLine = { lineStyle: { color: ink.line, opacity: 0.5 } };
  const axisLine = { show: true, lineStyle: { color: ink.quiet } };
  return { type: "value", gridIndex: at, min: 0, splitNumber: 3, axisLine, axisLabel: label, splitLine };
}

function lines(view: View, quantity: Quantity, at: number, curve: Curve, ink: Inks): Record<string, unknown>[] {
  const { factor } = unitOf(view, quantity);
  const on = { type: "line", xAxisIndex: at, yAxisIndex: at, showSymbol: false, symbol: "none" };
  const data = points(curve.series, quantity.name, view.minutesPerX, factor);
  const line = {
    ...on,
    name: `${curve.label}: ${quantity.title.toLowerCase()}`,
    data,
    z: 4,
    lineStyle: { width: 2, color: curve.color, type: curve.dashed ? "dashed" : "solid" },
    itemStyle: { color: curve.color },
    ...(quantity.name === "glucose" ? limits(factor, ink) : {}),
  };
  const shown = isLong(view) && swings(quantity) ? range(line, data) : [line];
  return curve.band ? [...bandOf(view, quantity, curve, curve.band, on, factor, at), ...shown] : shown;
}

/** A curve of many days as the lowest and the highest of each. */
function range(line: Record<string, unknown>, data: [number, number][]): Record<string, unknown>[] {
  const name = String(line["name"]),
    faint = { ...(line["lineStyle"] as object), width: 1, opacity: 0.55 };
  return [
    { ...line, name: `${name}, lowest of the day`, data: extremes(data, Math.min) },
    { ...line, name: `${name}, highest of the day`, data: extremes(data, Math.max), lineStyle: faint, markArea: {} },
  ];
}

/** The middle half of the patients, and for glucose 95 of 100 of them too: two stacked lines with the area between. */
function bandOf(
  view: View,
  quantity: Quantity,
  curve: Curve,
  band: Series,
  on: object,
  factor: number,
  at: number,
): Record<string, unknown>[] {
  const between = (low: string, high: string): Record<string, unknown>[] => {
    const whole = isLong(view) && swings(quantity);
    const edge = (level: string, pick: typeof Math.min): [number, number][] => {
      const all = points(band, `${quantity.name}:${level}`, view.minutesPerX, factor);
      return whole ? extremes(all, pick) : all;
    };
    const from = edge(low, Math.min),
      to = edge(high, Math.max);
    const height = to.map(([x, y], index): [number, number] => [x, y - (from[index]?.[1] ?? 0)]);
    const still = {
      ...on,
      silent: true,
      stack: `${curve.label}${at}${low}`,
      stackStrategy: "all",
      lineStyle: { opacity: 0 },
      tooltip: { show: false },
      z: 2,
    };
    return [
      { ...still, data: from },
      { ...still, data: height, areaStyle: { color: curve.color, opacity: 0.2 } },
    ];
  };
  return [...(quantity.name === "glucose" ? between("2.5", "97.5") : []), ...between("25", "75")];
}

function limits(factor: number, ink: Inks): Record<string, unknown> {
  const dash = { color: ink.quiet, type: "dashed", width: 1 };
  const area = (from: number, to: number, color: string): unknown[] => [
    { yAxis: from * factor, itemStyle: { color } },
    { yAxis: to * factor },
  ];
  return {
    markLine: {
      silent: true,
      symbol: "none",
      animation: false,
      label: { show: false },
      lineStyle: dash,
      data: [{ yAxis: 54 * factor }, { yAxis: 70 * factor }],
    },
    markArea: { silent: true, animation: false, z: 0, data: [area(0, 54, ink.below54), area(54, 70, ink.below70)] },
  };
}

/** The table behind the curves: every moment, every quantity, every run. */
export function curvesTable(view: View): Table {
  const columns = [`time (${view.axis})`];
  const found: Float32Array[] = [];
  const longest = [...view.curves].sort(
    (a, b) => (b.series.columns.get("time")?.length ?? 0) - (a.series.columns.get("time")?.length ?? 0),
  )[0];
  const time = longest?.series.columns.get("time") ?? new Float32Array();
  const factors: number[] = [];
  for (const curve of view.curves) {
    for (const quantity of view.quantities) {
      const { name, factor } = unitOf(view, quantity),
        values = curve.series.columns.get(quantity.name);
      if (!values) continue;
      columns.push(`${curve.label}: ${quantity.title.toLowerCase()} (${name})`);
      found.push(values);
      factors.push(factor);
    }
  }
  const rows = Array.from(time, (minutes, at) => [
    minutes / view.minutesPerX,
    ...found.map((values, column) => (at < values.length ? (values[at] ?? 0) * (factors[column] ?? 1) : null)),
  ]);
  return { columns, rows };
}
