/** The clinical course as one chart: panels under each other on one axis of time. */

import { FONT, type Option } from "./echarts.ts";
import { h } from "../dom.ts";
import { glucoseIn } from "../numbers.ts";
import { panelsOf, tickCandidates, type Course, type CourseRow, type Panel } from "./course_data.ts";
import {
  FONT_PX,
  ground,
  laneItem,
  rulesAndNames,
  rulesOf,
  valueItem,
  type LaneStyle,
  type Rule,
} from "./course_draw.ts";
import { inks } from "./palette.ts";
import { line, text, textWidth, type Api, type Params, type Shape } from "./shapes.ts";
import { chooseTicks } from "./ticks.ts";

export interface Window {
  low: number;
  high: number;
}

interface Placed {
  panel: Panel;
  top: number;
  height: number;
}

const TITLE = 28,
  AFTER = 12,
  AXIS = 56,
  ROW = 17;
const isNarrow = (width: number): boolean => width < 720;

function styleOf(width: number): LaneStyle {
  const narrow = isNarrow(width);
  return { inks: inks(), font: `${FONT_PX}px ${FONT}`, height: narrow ? 36 : 23, narrow, gutter: narrow ? 40 : 196 };
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
  const right = isNarrow(width) ? 30 : 48;
  const plot = { left: style.gutter, right: width - right };
  const indices = placed.map((_, index) => index);
  return {
    animation: false,
    textStyle: { fontFamily: FONT, fontSize: FONT_PX, color: style.inks.ink },
    grid: placed.map(({ top, height }) => ({ left: plot.left, right, top, height, outerBoundsMode: "none" })),
    title: placed.map(({ panel, top }) => titleOf(panel, noteOf(panel, course, style), top, style)),
    xAxis: placed.map((_, index) => xAxis(course, index, index === placed.length - 1, window, plot, style)),
    yAxis: placed.flatMap(({ panel }, index) => yAxes(panel, index, course, style)),
    dataZoom: [
      {
        type: "inside",
        xAxisIndex: indices,
        startValue: window.low,
        endValue: window.high,
        filterMode: "none",
        zoomOnMouseWheel: "ctrl",
        moveOnMouseMove: true,
        moveOnMouseWheel: false,
        minValueSpan: 2,
      },
    ],
    tooltip: {
      trigger: "item",
      confine: true,
      formatter: (found: { data?: { row?: CourseRow } }) => (found.data?.row ? tip(found.data.row) : ""),
      backgroundColor: style.inks.paper,
      borderColor: style.inks.line,
      textStyle: { color: style.inks.ink, fontSize: 13 },
      extraCssText: "",
    },
    series: placed.flatMap(({ panel }, index) => seriesOf(panel, index, course, rules, style, index === 0 ? width : 0)),
  };
}

function noteOf(panel: Panel, course: Course, style: LaneStyle): string {
  if (panel.kind !== "glucose" || !style.narrow)
    return style.narrow ? panel.note.replace(", log scale", "") : panel.note;
  return course.glucose_unit === "mg/dL" ? "mg/dL left, mmol/L right" : "mmol/L left, mg/dL right";
}

function titleOf(panel: Panel, note: string, top: number, style: LaneStyle): Record<string, unknown> {
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

function xAxis(
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

function yAxes(panel: Panel, index: number, course: Course, style: LaneStyle): Record<string, unknown>[] {
  const label = { color: style.inks.ink, fontSize: FONT_PX };
  const quiet = {
    axisLine: { show: true, lineStyle: { color: style.inks.quiet } },
    splitLine: { show: false },
    axisTick: { show: true },
  };
  if (panel.kind === "lanes") {
    return [{ type: "value", gridIndex: index, inverse: true, min: 0, max: panel.lanes.length, show: false }];
  }
  if (panel.kind === "markers") {
    const highest = Math.max(10, ...panel.rows.map((row) => row.times_limit ?? 1)) * 1.5;
    const lowest = Math.min(0.7, ...panel.rows.map((row) => row.times_limit ?? 1)) * 0.8;
    return [
      {
        type: "log",
        gridIndex: index,
        min: lowest,
        max: highest,
        ...quiet,
        axisLabel: { ...label, customValues: [1, 3, 10, 30, 100] },
        axisTick: { customValues: [1, 3, 10, 30, 100] },
      },
    ];
  }
  const high = topOfGlucose(panel.rows);
  const axis = (unit: string, position: string): Record<string, unknown> => {
    const values = unit === "mmol/L" ? [0, 2, 3, 3.9, 6, 10, 15, 20] : [0, 54, 70, 100, 150, 200, 300];
    const max = glucoseIn(unit, high),
      fit = values.filter((value) => value <= max);
    return {
      type: "value",
      gridIndex: index,
      position,
      min: 0,
      max,
      ...quiet,
      name: style.narrow ? "" : unit,
      nameTextStyle: { color: style.inks.quiet },
      nameGap: 8,
      axisLabel: { ...label, customValues: fit },
      axisTick: { customValues: fit },
    };
  };
  const other = course.glucose_unit === "mg/dL" ? "mmol/L" : "mg/dL";
  return [axis(course.glucose_unit, "left"), axis(other, "right")];
}

function topOfGlucose(rows: readonly CourseRow[]): number {
  const highest = Math.max(100, ...rows.map((row) => mgDl(row)));
  return highest <= 105 ? 110 : highest * 1.08;
}

/** A glucose value of a row in mg/dL. */
function mgDl(row: CourseRow): number {
  const shown = row.shown_value ?? 0;
  return row.shown_unit === "mmol/L" ? shown * 18.016 : shown;
}

function seriesOf(
  panel: Panel,
  index: number,
  course: Course,
  rules: readonly Rule[],
  style: LaneStyle,
  headWidth: number,
): Record<string, unknown>[] {
  const y = axisIndex(panel, index, course);
  const base = { type: "custom", xAxisIndex: index, yAxisIndex: y, clip: false };
  const still = {
    ...base,
    silent: true,
    tooltip: { show: false },
    data: [[course.axis.left, panel.kind === "markers" ? 1 : 0]],
  };
  const strip = { ...still, z: 0, renderItem: (params: Params, api: Api) => ground(course, style, params, api) };
  const back = {
    ...still,
    z: 2,
    renderItem: (params: Params, api: Api): Shape => {
      const own = rulesAndNames(rules, style, panel.lanes, params, api);
      if (headWidth > 0) own.children?.push(...headLabels(course, headWidth, params, api, style));
      if (index === panelsOf(course.rows).length - 1) own.children?.push(...foot(course, params, api, style));
      return own;
    },
  };
  if (panel.kind === "lanes") {
    const data = panel.lanes.flatMap((lane, at) =>
      lane.rows.map((row, inLane) => ({ value: [row.x[0], row.x[1], at, inLane], row })),
    );
    return [
      strip,
      back,
      {
        ...base,
        z: 3,
        data,
        encode: { x: [0, 1], y: 2 },
        renderItem: (params: Params, api: Api) => laneItem(panel.lanes, style, params, api),
      },
    ];
  }
  const value = (row: CourseRow): number =>
    panel.kind === "markers" ? (row.times_limit ?? 1) : glucoseIn(course.glucose_unit, mgDl(row));
  const plain = panel.rows.filter((row) => row.name !== "glucose_interstitial");
  const data = plain.map((row, at) => ({ value: [row.at ?? row.x[0], value(row), at], row }));
  const points = {
    ...base,
    z: 4,
    data,
    encode: { x: 0, y: 1 },
    renderItem: (params: Params, api: Api) => valueItem(plain, style, params, api),
  };
  return [
    strip,
    back,
    points,
    bands(panel, index, y, course, style),
    ...sensor(panel, index, y, value),
    ...rightAxis(panel, index, y),
  ];
}

function axisIndex(panel: Panel, index: number, course: Course): number {
  const before = panelsOf(course.rows)
    .slice(0, index)
    .filter((other) => other.kind === "glucose").length;
  return index + before + (panel.kind === "glucose" ? 0 : 0);
}

function bands(panel: Panel, index: number, y: number, course: Course, style: LaneStyle): Record<string, unknown> {
  const dash = (at: number): Record<string, unknown> => ({
    yAxis: at,
    lineStyle: { color: style.inks.quiet, type: "dashed", width: 1 },
    label: { show: false },
  });
  const at = (mg: number): number => glucoseIn(course.glucose_unit, mg);
  const area = (from: number, to: number, color: string, words: string): unknown[] => [
    {
      yAxis: at(from),
      itemStyle: { color },
      label: {
        show: true,
        formatter: words,
        position: "insideRight",
        distance: 12,
        color: style.inks.quiet,
        fontSize: FONT_PX,
      },
    },
    { yAxis: at(to) },
  ];
  const glucose = panel.kind === "glucose";
  return {
    type: "line",
    xAxisIndex: index,
    yAxisIndex: y,
    data: [],
    silent: true,
    z: 1,
    markLine: {
      silent: true,
      symbol: "none",
      animation: false,
      data: glucose ? [dash(at(54)), dash(at(70))] : [dash(1)],
    },
    ...(glucose
      ? {
          markArea: {
            silent: true,
            animation: false,
            z: 1,
            data: [area(0, 54, style.inks.below54, "level 2"), area(54, 70, style.inks.below70, "level 1")],
          },
        }
      : {}),
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

/** Labels of the rules above the panels, in as many rows as they need to stand clear. */
function headRows(course: Course, width: number): { depth: number; rows: number[] } {
  const style = styleOf(width),
    rules = rulesOf(course, style.inks, style.narrow);
  const { left, right } = course.axis;
  const pixel = (x: number): number =>
    style.gutter + ((x - left) / (right - left)) * (width - style.gutter - (isNarrow(width) ? 30 : 48));
  const ends: number[] = [];
  const rows = [...rules]
    .reverse()
    .map((rule) => {
      const wide = textWidth(rule.label, style.font) + 8;
      const x0 = pixel(rule.x) + wide > width ? pixel(rule.x) - wide : pixel(rule.x);
      let row = ends.findIndex((begin) => x0 + wide <= begin);
      if (row < 0) row = ends.push(Infinity) - 1;
      ends[row] = x0;
      return row;
    })
    .reverse();
  return { depth: Math.max(ends.length, 1), rows };
}

function headLabels(course: Course, width: number, params: Params, api: Api, style: LaneStyle): Shape[] {
  const box = params.coordSys,
    { rows } = headRows(course, width);
  return rulesOf(course, style.inks, style.narrow).flatMap((rule, index) => {
    const x = api.coord([rule.x, 0])[0];
    if (x < box.x - 1 || x > box.x + box.width + 1) return [];
    const y = box.y - TITLE - 6 - (rows[index] ?? 0) * ROW;
    const wide = textWidth(rule.label, style.font);
    const left = x + wide + 6 > width;
    const words = text(left ? x - 4 : x + 4, y - 4, rule.label, rule.color, {
      font: style.font,
      textAlign: left ? "right" : "left",
    });
    return [words, line(x, y - 8, x, box.y - 4, rule.color, rule.strong ? { lineWidth: 1.4 } : { lineDash: [3, 3] })];
  });
}

/** What stands under the strip: that its days are not stated, and the break of the axis. */
function foot(course: Course, params: Params, api: Api, style: LaneStyle): Shape[] {
  const box = params.coordSys,
    y = box.y + box.height;
  const [first, last] = [course.axis.strip[0], course.axis.strip.at(-1)];
  if (first === undefined || last === undefined) return [];
  const x0 = Math.max(api.coord([first, 0])[0], box.x),
    x1 = Math.min(api.coord([last, 0])[0], box.x + box.width);
  if (x1 - x0 < 60) return [];
  const words = style.narrow ? "order known" : "order known, day not stated";
  return [
    text((x0 + x1) / 2, y + 16, words, style.inks.quiet, { font: style.font, textAlign: "center" }),
    text(x1 + 5, y, "//", style.inks.quiet, { font: `bold ${style.font}`, textAlign: "center" }),
  ];
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
