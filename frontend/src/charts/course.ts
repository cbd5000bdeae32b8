/** The clinical course as one chart: panels under each other on one axis of time. */

import { FONT, type Option } from "./echarts.ts";
import { h } from "../dom.ts";
import { glucoseIn } from "../numbers.ts";
import { panelsOf, type Course, type CourseRow, type Panel } from "./course_data.ts";
import { FONT_PX, ground, laneItem, rulesAndNames, rulesOf, type LaneStyle, type Rule } from "./course_draw.ts";
import { type Api, type Params, type Shape } from "./shapes.ts";
import { valueItem } from "./course_values.ts";
import { AFTER, AXIS, isNarrow, ROW, styleOf, TITLE } from "./course_style.ts";
import { mgDl, noteOf, titleOf, xAxis, yAxes } from "./course_axes.ts";
import { foot, headLabels, headRows } from "./course_head.ts";
export interface Window {
  low: number;
  high: number;
}

type Series = Record<string, unknown>;

interface Placed {
  panel: Panel;
  top: number;
  height: number;
}

function arrange(course: Course, width: number): { placed: Placed[]; height: number; head: number } {
  const style = styleOf(width);
  const head = headRows(course, width).depth * ROW + 8;
  let top = head;
  const placed = panelsOf(course.rows).map((panel) => {
    top += TITLE;
    const height = panel.kind === "lanes" ? panel.lanes.length * style.height : panel.kind === "glucose" ? 170 : 140;
    const found = { panel, top, height };
    top += height + AFTER;
    return found;
  });
  return { placed, height: top + AXIS, head };
}

/** How high the chart is at a width. */
export function courseHeight(course: Course, width: number): number {
  return arrange(course, width).height;
}

/** The chart of a course at a width, in a window of its axis. */
export function courseOption(
  course: Course,
  width: number,
  window: Window,
  tip: (row: CourseRow) => HTMLElement,
): Option {
  const { placed } = arrange(course, width),
    style = styleOf(width),
    rules = rulesOf(course, style.inks, style.narrow);
  const right = isNarrow(width) ? 30 : 48,
    plot = { left: style.gutter, right: width - right };
  return {
    animation: false,
    textStyle: { fontFamily: FONT, fontSize: FONT_PX, color: style.inks.ink },
    grid: placed.map(({ top, height }) => ({ left: plot.left, right, top, height, outerBoundsMode: "none" })),
    title: placed.map(({ panel, top }) => titleOf(panel, noteOf(panel, course, style), top, style)),
    xAxis: placed.map((_, index) => xAxis(course, index, index === placed.length - 1, window, plot, style)),
    yAxis: placed.flatMap(({ panel }, index) => yAxes(panel, index, course, style)),
    dataZoom: [
      zoomOf(
        placed.map((_, index) => index),
        window,
      ),
    ],
    tooltip: {
      trigger: "item",
      confine: true,
      formatter: (found: { data?: { row?: CourseRow } }) => (found.data?.row ? tip(found.data.row) : ""),
      backgroundColor: style.inks.paper,
      borderColor: style.inks.line,
      textStyle: { color: style.inks.ink, fontSize: 13 },
    },
    series: placed.flatMap(({ panel }, index) => seriesOf(panel, index, course, rules, style, index === 0 ? width : 0)),
  };
}

function zoomOf(xAxisIndex: number[], window: Window): Series {
  const keys = { zoomOnMouseWheel: "ctrl", moveOnMouseMove: true, moveOnMouseWheel: false };
  return {
    type: "inside",
    xAxisIndex,
    startValue: window.low,
    endValue: window.high,
    filterMode: "none",
    minValueSpan: 2,
    ...keys,
  };
}

function seriesOf(
  panel: Panel,
  index: number,
  course: Course,
  rules: readonly Rule[],
  style: LaneStyle,
  headWidth: number,
): Series[] {
  const y = axisIndex(index, course);
  const base = { type: "custom", xAxisIndex: index, yAxisIndex: y, clip: false };
  const grounds = groundOf(panel, index, base, course, rules, style, headWidth);
  if (panel.kind === "lanes") {
    const data = panel.lanes.flatMap((lane, at) =>
      lane.rows.map((row, inLane) => ({ value: [row.x[0], row.x[1], at, inLane], row })),
    );
    const renderItem = (params: Params, api: Api): Shape => laneItem(panel.lanes, style, params, api);
    return [...grounds, { ...base, z: 3, data, encode: { x: [0, 1], y: 2 }, renderItem }];
  }
  const value = (row: CourseRow): number =>
    panel.kind === "markers" ? (row.times_limit ?? 1) : glucoseIn(course.glucose_unit, mgDl(row));
  const plain = panel.rows.filter((row) => row.name !== "glucose_interstitial");
  const data = plain.map((row, at) => ({ value: [row.at ?? row.x[0], value(row), at], row }));
  const renderItem = (params: Params, api: Api): Shape => valueItem(plain, style, params, api);
  const points = { ...base, z: 4, data, encode: { x: 0, y: 1 }, renderItem };
  return [
    ...grounds,
    points,
    limits(panel, index, y, course, style),
    ...sensor(panel, index, y, value),
    ...rightAxis(panel, index, y),
  ];
}

/** What lies behind a panel: the strip under the levels, rules and names over them. */
function groundOf(
  panel: Panel,
  index: number,
  base: Series,
  course: Course,
  rules: readonly Rule[],
  style: LaneStyle,
  headWidth: number,
): Series[] {
  const data = [[course.axis.left, panel.kind === "markers" ? 1 : 0]];
  const still = { ...base, silent: true, tooltip: { show: false }, data };
  const strip = { ...still, z: 0, renderItem: (params: Params, api: Api) => ground(course, style, params, api) };
  const renderItem = (params: Params, api: Api): Shape => {
    const own = rulesAndNames(rules, style, panel.lanes, params, api);
    if (headWidth > 0) own.children?.push(...headLabels(course, headWidth, params, api, style));
    if (index === panelsOf(course.rows).length - 1) own.children?.push(...foot(course, params, api, style));
    return own;
  };
  return [strip, { ...still, z: 2, renderItem }];
}

function axisIndex(index: number, course: Course): number {
  const before = panelsOf(course.rows)
    .slice(0, index)
    .filter((other) => other.kind === "glucose").length;
  return index + before;
}

/** The limits of a chart as dashed lines, and the levels of hypoglycemia as bands. */
function limits(panel: Panel, index: number, y: number, course: Course, style: LaneStyle): Series {
  const at = (mg: number): number => glucoseIn(course.glucose_unit, mg);
  const lineStyle = { color: style.inks.quiet, type: "dashed", width: 1 };
  const dash = (height: number): Series => ({ yAxis: height, lineStyle, label: { show: false } });
  const words = { show: true, position: "insideRight", distance: 12, color: style.inks.quiet, fontSize: FONT_PX };
  const level = (from: number, to: number, color: string, formatter: string): unknown[] => [
    { yAxis: at(from), itemStyle: { color }, label: { ...words, formatter } },
    { yAxis: at(to) },
  ];
  const still = { silent: true, animation: false };
  const base = { type: "line", xAxisIndex: index, yAxisIndex: y, data: [], silent: true, z: 1 };
  if (panel.kind !== "glucose") return { ...base, markLine: { ...still, symbol: "none", data: [dash(1)] } };
  const levels = [level(0, 54, style.inks.below54, "level 2"), level(54, 70, style.inks.below70, "level 1")];
  return {
    ...base,
    markLine: { ...still, symbol: "none", data: [dash(at(54)), dash(at(70))] },
    markArea: { ...still, z: 1, data: levels },
  };
}

/** Sensor readings as a line that is broken where no value was read for an hour. */
function sensor(panel: Panel, index: number, y: number, value: (row: CourseRow) => number): Record<string, unknown>[] {
  const rows = panel.rows
    .filter((row) => row.name === "glucose_interstitial")
    .sort((a, b) => (a.start_day ?? 0) - (b.start_day ?? 0));
  if (rows.length === 0) return [];
  const data: unknown[] = [];
  rows.forEach((row, at) => {
    const before = rows[at - 1];
    if (before && (row.start_day ?? 0) - (before.start_day ?? 0) > 1 / 24) data.push({ value: [row.at, null] });
    data.push({ value: [row.at ?? row.x[0], value(row)], row });
  });
  return [
    {
      type: "line",
      xAxisIndex: index,
      yAxisIndex: y,
      data,
      showSymbol: rows.length < 300,
      symbolSize: 4,
      connectNulls: false,
      lineStyle: { width: 1.4, color: "#4d95c4" },
      itemStyle: { color: "#4d95c4" },
      z: 3,
    },
  ];
}

function rightAxis(panel: Panel, index: number, y: number): Record<string, unknown>[] {
  return panel.kind === "glucose"
    ? [{ type: "line", xAxisIndex: index, yAxisIndex: y + 1, data: [], silent: true }]
    : [];
}

/** What a row says when it is pointed at. */
export function courseTip(row: CourseRow): HTMLElement {
  const known = row.time || `time: ${row.when}`;
  return h(
    "div",
    { class: "tip" },
    h("strong", {}, row.item),
    h("div", {}, row.hover || row.text),
    h("div", { class: "quiet small" }, `${known} (${row.time_known})`),
    h("div", { class: "quiet small" }, `Source ${row.source}`),
  );
}
