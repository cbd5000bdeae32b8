/** Fan charts side by side: each scenario's days, with what was done behind it in gray. */

import { digits, scaleOf } from "../numbers.ts";
import { unit } from "../settings.ts";
import { FONT, type Option } from "./echarts.ts";
import type { Table } from "./figure.ts";
import { inks, type Inks } from "./palette.ts";
import type { Api, Shape } from "./shapes.ts";
import { alternatives, colorOf, type Bands, type WhatIf } from "./what_if.ts";

interface Quantity {
  name: string;
  title: string;
  logarithmic: boolean;
}

const QUANTITIES: readonly Quantity[] = [
  { name: "glucose_min", title: "Lowest glucose of the day", logarithmic: false },
  { name: "burden.V_tumor", title: "Viable tumor", logarithmic: true },
  { name: "nse.M", title: "NSE", logarithmic: true },
];
const LEFT = 52,
  RIGHT = 14,
  HEAD = 26,
  TITLE = 28,
  PLOT = 118,
  GAP = 10,
  FOOT = 40,
  LEAST = 250;

/** What is drawn: the result for names and colors, and the bands by day. */
export interface Fans {
  result: WhatIf;
  bands: Bands;
}

interface Layout {
  columns: number;
  block: number;
  height: number;
}

function shownIn({ bands }: Fans): Quantity[] {
  return QUANTITIES.filter(({ name }) =>
    Object.values(bands.scenarios).some((one) => one[name]?.[2]?.some((value) => (value ?? 0) > 0)),
  );
}

function layout(fans: Fans, width: number): Layout {
  const count = alternatives(fans.result).length;
  const columns = Math.max(1, Math.min(count, Math.floor(width / LEAST)));
  const block = HEAD + shownIn(fans).length * (TITLE + PLOT + GAP) + FOOT;
  return { columns, block, height: Math.ceil(count / columns) * block };
}

/** How high the chart is. */
export function fansHeight(fans: Fans, width: number): number {
  return layout(fans, width).height;
}

interface Cell {
  scenario: string;
  quantity: Quantity;
  left: number;
  top: number;
  width: number;
  last: boolean;
}

function cells(fans: Fans, width: number): Cell[] {
  const { columns, block } = layout(fans, width),
    quantities = shownIn(fans);
  const each = width / columns;
  return alternatives(fans.result).flatMap((scenario, at) =>
    quantities.map((quantity, row) => ({
      scenario,
      quantity,
      left: (at % columns) * each + LEFT,
      top: Math.floor(at / columns) * block + HEAD + row * (TITLE + PLOT + GAP) + TITLE,
      width: each - LEFT - RIGHT,
      last: row === quantities.length - 1,
    })),
  );
}

/** The chart. */
export function fansOption(fans: Fans, width: number): Option {
  const ink = inks(),
    all = cells(fans, width);
  const heads = all.filter((cell) => cell.quantity === all[0]?.quantity);
  return {
    animation: false,
    textStyle: { fontFamily: FONT, color: ink.ink },
    grid: all.map(({ left, top, width: wide }) => ({ left, top, width: wide, height: PLOT, outerBoundsMode: "none" })),
    title: [...heads.map((cell) => headOf(fans, cell, ink)), ...all.map((cell) => titleOf(fans, cell, ink))],
    xAxis: all.map((cell, at) => xAxis(fans, cell, at, ink)),
    yAxis: all.map((cell, at) => yAxis(fans, cell, at, ink)),
    tooltip: {
      trigger: "axis",
      confine: true,
      backgroundColor: ink.paper,
      borderColor: ink.line,
      textStyle: { color: ink.ink, fontSize: 12 },
      valueFormatter: (value: unknown) => digits(typeof value === "number" ? value : null, 3),
    },
    series: all.flatMap((cell, at) => [
      ...(cell.quantity.name === "glucose_min" ? [limits(fans, at, ink)] : []),
      ...fan(fans, cell, at, fans.result.baseline, ink),
      ...fan(fans, cell, at, cell.scenario, ink),
    ]),
  };
}

function headOf(fans: Fans, cell: Cell, ink: Inks): Record<string, unknown> {
  const rich = {
    c: { color: colorOf(fans.result, cell.scenario), fontSize: 16 },
    b: { color: ink.ink, fontSize: 13, fontWeight: 650 },
  };
  const textStyle = { rich, width: cell.width + LEFT - 8, overflow: "truncate" };
  const text = `{c|●} {b|${cell.scenario}}`;
  return { text, left: cell.left - LEFT + 4, top: cell.top - TITLE - HEAD + 4, padding: 0, textStyle };
}

function unitOf(fans: Fans, { name }: Quantity): { name: string; factor: number } {
  return scaleOf(name === "glucose_min", unit(), fans.bands.units[name] ?? "");
}

function titleOf(fans: Fans, cell: Cell, ink: Inks): Record<string, unknown> {
  const quiet = { color: ink.quiet, fontSize: 11, fontWeight: "normal" };
  const rich = { b: { fontSize: 12, fontWeight: "normal" }, n: quiet };
  const text = `{b|${cell.quantity.title}}  {n|${unitOf(fans, cell.quantity).name}}`;
  return {
    text,
    left: cell.left - LEFT + 4,
    top: cell.top - TITLE + 3,
    padding: 0,
    textStyle: { color: ink.ink, rich },
  };
}

function levels(fans: Fans, scenario: string, quantity: Quantity): (number | null)[][] {
  const { factor } = unitOf(fans, quantity);
  const found = fans.bands.scenarios[scenario]?.[quantity.name] ?? [];
  return found.map((level) => level.map((value) => (value === null ? null : value * factor)));
}

/** The lowest and highest value of a quantity in all scenarios, so that all share one axis. */
function extent(fans: Fans, quantity: Quantity): [number, number] {
  const all = Object.keys(fans.bands.scenarios).flatMap((name) => levels(fans, name, quantity).flat());
  const fine = all.filter((value): value is number => value !== null && Number.isFinite(value));
  const high = fine.reduce((most, value) => Math.max(most, value), 0);
  if (!quantity.logarithmic) return [0, high * 1.05];
  const low = fine.reduce((least, value) => (value > 0 ? Math.min(least, value) : least), high);
  const power = (value: number, round: (power: number) => number): number => 10 ** round(Math.log10(value));
  return [power(Math.max(low, high / 1e4), Math.floor), power(high, Math.ceil)];
}

function xAxis(fans: Fans, cell: Cell, at: number, ink: Inks): Record<string, unknown> {
  const days = levels(fans, fans.result.baseline, cell.quantity)[0]?.length ?? 1;
  return {
    type: "value",
    gridIndex: at,
    min: 0,
    max: Math.max(days - 1, 1),
    splitNumber: 4,
    splitLine: { show: false },
    axisLine: { lineStyle: { color: ink.quiet } },
    axisTick: { show: cell.last },
    axisLabel: { show: cell.last, color: ink.ink, fontSize: 11, hideOverlap: true, showMaxLabel: false },
    axisPointer: { label: { show: false } },
    name: cell.last ? "day of the record" : "",
    nameLocation: "middle",
    nameGap: 24,
    nameTextStyle: { color: ink.quiet, fontSize: 11 },
  };
}

function yAxis(fans: Fans, cell: Cell, at: number, ink: Inks): Record<string, unknown> {
  const [min, max] = extent(fans, cell.quantity);
  return {
    type: cell.quantity.logarithmic ? "log" : "value",
    gridIndex: at,
    min,
    max,
    splitNumber: 3,
    axisLine: { show: true, lineStyle: { color: ink.quiet } },
    axisLabel: { color: ink.ink, fontSize: 11, showMaxLabel: cell.quantity.logarithmic },
    splitLine: { lineStyle: { color: ink.line, opacity: 0.4 } },
  };
}

/** Bands of 90 and 50 of 100 draws and the median; of what was done the outer band, and the median dashed. */
function fan(fans: Fans, cell: Cell, at: number, scenario: string, ink: Inks): Record<string, unknown>[] {
  const own = scenario !== fans.result.baseline,
    color = own ? colorOf(fans.result, scenario) : ink.quiet;
  const [low = [], quarter = [], median = [], half = [], high = []] = levels(fans, scenario, cell.quantity);
  const on = { xAxisIndex: at, yAxisIndex: at };
  const floor = extent(fans, cell.quantity)[0];
  const data = median.map((value, day) => [day, value]);
  const width = own ? 2 : 1.5;
  return [
    band(on, low, high, floor, color, own ? 0.18 : 0.14),
    ...(own ? [band(on, quarter, half, floor, color, 0.28)] : []),
    {
      ...on,
      type: "line",
      name: scenario,
      data,
      showSymbol: false,
      z: own ? 5 : 4,
      lineStyle: { color, width, type: own ? "solid" : "dashed" },
      itemStyle: { color },
    },
  ];
}

function band(
  on: object,
  low: readonly (number | null)[],
  high: readonly (number | null)[],
  floor: number,
  fill: string,
  opacity: number,
): Record<string, unknown> {
  const renderItem = (_: unknown, api: Api): Shape => {
    const at = (value: number | null | undefined, day: number): [number, number] =>
      api.coord([day, Math.max(value ?? floor, floor)]);
    const upper = high.map(at),
      lower = low.map(at).reverse();
    return { type: "polygon", silent: true, shape: { points: [...upper, ...lower] }, style: { fill, opacity } };
  };
  return {
    ...on,
    type: "custom",
    data: [[0, floor]],
    renderItem,
    clip: true,
    silent: true,
    tooltip: { show: false },
    z: 2,
  };
}

function limits(fans: Fans, at: number, ink: Inks): Record<string, unknown> {
  const { factor } = unitOf(fans, QUANTITIES[0] ?? { name: "", title: "", logarithmic: false });
  const area = (from: number, to: number, color: string): unknown[] => [
    { yAxis: from * factor, itemStyle: { color } },
    { yAxis: to * factor },
  ];
  const markArea = { silent: true, data: [area(0, 54, ink.below54), area(54, 70, ink.below70)] };
  return { type: "line", xAxisIndex: at, yAxisIndex: at, data: [], markArea, z: 0, silent: true };
}

/** The table behind the fans. */
export function fansTable(fans: Fans): Table {
  const quantities = shownIn(fans);
  const named = quantities.flatMap((quantity) =>
    fans.bands.percentiles.map((percent) => `${quantity.title} (${unitOf(fans, quantity).name}), ${percent} %`),
  );
  const rows = Object.keys(fans.bands.scenarios).flatMap((scenario) => {
    const columns = quantities.flatMap((quantity) => levels(fans, scenario, quantity));
    return (columns[0] ?? []).map((_, day) => [scenario, day, ...columns.map((values) => values[day] ?? null)]);
  });
  return { columns: ["scenario", "day", ...named], rows };
}
