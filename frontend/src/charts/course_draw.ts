/** What the panels of the clinical course draw: the ground with its rules, lanes with bars and signs, values. */

import { TREATMENTS, STATED, GRAY, type Inks } from "./palette.ts";
import type { Course, CourseRow, Lane } from "./course_data.ts";
import { hatch, line, rect, sign, text, textWidth, type Api, type Box, type Params, type Shape } from "./shapes.ts";
import { placeLabels, type Labeled } from "./ticks.ts";

export const FONT_PX = 12;

const TAIL = 26;

const NUMBERS = new Set(["value", "censored", "interval"]);

export interface LaneStyle {
  inks: Inks;
  font: string;
  height: number;
  /** Names stand above the lanes instead of beside them. */
  narrow: boolean;
  gutter: number;
}

export interface Rule {
  x: number;
  label: string;
  color: string;
  strong: boolean;
}

/** The rules through all panels: the bounds of the strip, procedures and events with a day. */
export function rulesOf(course: Course, inks: Inks, narrow: boolean): Rule[] {
  const bounds = course.axis.boundaries.map((label, index) => ({
    x: course.axis.strip[index + 1] ?? course.axis.left,
    label,
    color: inks.quiet,
    strong: false,
  }));
  const days = course.rows.filter((row) => row.time_known === "exact" && (row.panel === "events" || isProcedure(row)));
  const rules = days.map((row) => ({
    x: (row.x[0] + row.x[1]) / 2,
    label:
      narrow && isProcedure(row)
        ? row.time
        : [row.item, row.kind === "treatment" ? row.words.split(",")[0] : "", row.time].filter(Boolean).join(", "),
    color: isProcedure(row) ? inks.rule : inks.ink,
    strong: true,
  }));
  return [...bounds, ...rules.slice(0, 12)].sort((a, b) => a.x - b.x);
}

/** Whether a row is a procedure of one day. */
export function isProcedure(row: CourseRow): boolean {
  return ["embolization", "ablation", "surgery"].includes(row.class ?? "");
}

/** The ground of a panel: the strip of facts without a day. */
export function ground(course: Course, style: LaneStyle, params: Params, api: Api): Shape {
  const box = params.coordSys,
    children: Shape[] = [];
  const { strip, not_stated } = course.axis;
  for (const [from, to] of [[strip[0], strip.at(-1)], not_stated ?? []]) {
    if (from === undefined || to === undefined) continue;
    const [x0, x1] = within(box, api.coord([from, 0])[0], api.coord([to, 0])[0]);
    if (x1 > x0)
      children.push({ ...rect(x0, box.y - 4, x1 - x0, box.height + 8, { fill: style.inks.strip }), silent: true });
  }
  return { type: "group", children };
}

/** What lies over the ground: the rules, and the names of the lanes. */
export function rulesAndNames(
  rules: readonly Rule[],
  style: LaneStyle,
  lanes: readonly Lane[],
  params: Params,
  api: Api,
): Shape {
  const box = params.coordSys,
    children: Shape[] = [];
  for (const rule of rules) {
    const x = api.coord([rule.x, 0])[0];
    if (x < box.x - 1 || x > box.x + box.width + 1) continue;
    const look = rule.strong ? { lineWidth: 1.4 } : { lineDash: [3, 3] };
    children.push(line(x, box.y - 4, x, box.y + box.height + 4, rule.color, look));
  }
  lanes.forEach((lane, index) => {
    const y = box.y + index * style.height;
    if (lane.name === "") return;
    const place = style.narrow ? ([box.x, y + 8] as const) : ([0, y + style.height / 2] as const);
    const width = style.narrow ? box.width : style.gutter - 14;
    children.push(
      text(place[0], place[1], lane.name, style.narrow ? style.inks.quiet : style.inks.ink, {
        font: style.font,
        width,
        overflow: "truncate",
        ellipsis: "…",
      }),
    );
  });
  return { type: "group", children };
}

/** One row of a lane: its bar, sign or arrow, and its words where they fit. */
export function laneItem(lanes: readonly Lane[], style: LaneStyle, params: Params, api: Api): Shape {
  const lane = lanes[api.value(2)],
    row = lane?.rows[api.value(3)];
  if (!lane || !row) return { type: "group", children: [] };
  const box = params.coordSys;
  const y = box.y + api.value(2) * style.height + (style.narrow ? style.height - 11 : style.height / 2);
  const marks = lane.rows.map((other) => markOf(other, wordsOf(other, lane.name, style.narrow), box, style, api));
  const mark = marks[api.value(3)];
  if (!mark || mark.x1 < box.x || mark.x0 > box.x + box.width) return { type: "group", children: [] };
  const side =
    marks.length > 40
      ? null
      : placeLabels(marks, box.x - 2, box.x + box.width + (style.narrow ? 24 : 36))[api.value(3)];
  const children = [...drawn(row, mark, y, style, box)];
  if (side) {
    const at = side === "right" ? mark.x1 + 6 : mark.x0 - 6;
    children.push({
      ...text(at, y, wordsOf(row, lane.name, style.narrow), style.inks.ink, {
        font: style.font,
        textAlign: side === "right" ? "left" : "right",
        stroke: style.inks.paper,
        lineWidth: 3,
      }),
      z2: 20,
    });
  }
  return { type: "group", children };
}

/** What is written beside a row: its words unless the lane says them, and the time of what is only stated. */
function wordsOf(row: CourseRow, lane: string, narrow: boolean): string {
  const known =
    lane.toLowerCase().includes(row.words.toLowerCase()) || row.item.toLowerCase() === row.words.toLowerCase();
  const said = known ? "" : row.words;
  const timed = row.kind === "statement" || row.kind === "direction" ? row.time : "";
  return narrow ? said || timed : [said, timed].filter(Boolean).join(", ");
}

/** Where the sign of a row begins and ends in pixels, and how wide its words are. */
function markOf(row: CourseRow, words: string, box: Box, style: LaneStyle, api: Api): Labeled {
  const x = (place: number): number => api.coord([place, 0])[0];
  const width = words ? textWidth(words, style.font) : 0;
  if (NUMBERS.has(row.kind) || row.kind === "direction") {
    const at = x(row.kind === "direction" ? row.x[0] : (row.at ?? row.x[0]));
    return { x0: at - (row.kind === "direction" ? 0 : 6), x1: at + (row.kind === "direction" ? 14 : 6), width };
  }
  if (isProcedure(row) && row.time_known === "exact") {
    const at = x((row.x[0] + row.x[1]) / 2);
    return { x0: at - 8, x1: at + 8, width };
  }
  const [x0, end] = [x(row.x[0]), x(row.x[1])];
  if (row.look === "before") return { x0: Math.max(end - TAIL, box.x), x1: Math.min(end, box.x + box.width), width };
  const last =
    row.look === "after"
      ? Math.min(x0 + TAIL, end)
      : row.look === "wedge"
        ? x0 + TAIL
        : row.look === "hatched wedge"
          ? end + TAIL / 2
          : end;
  const [from, to] = within(box, x0, Math.max(last, x0 + 3));
  return { x0: from, x1: Math.max(to, from), width };
}

function drawn(row: CourseRow, mark: Labeled, y: number, style: LaneStyle, box: Box): Shape[] {
  const color = row.kind === "treatment" ? (TREATMENTS[row.class ?? ""] ?? GRAY) : (STATED[row.tone] ?? GRAY);
  const { paper, ink } = style.inks;
  if (row.kind === "direction") return arrow(row.words, mark.x0, y, ink);
  if (NUMBERS.has(row.kind)) return [sign("circle", mark.x0 + 6, y, 11, ink, paper, row.time_known !== "exact")];
  if (isProcedure(row) && row.time_known === "exact")
    return [sign("diamond", (mark.x0 + mark.x1) / 2, y, 13, color, paper, false)];
  const width = Math.max(mark.x1 - mark.x0, 3);
  if (row.look === "either") return eitherOf(mark, width, y, color);
  if (row.look === "before") return pointed(mark.x1, mark.x0, 10, y, color, paper, false);
  const open = row.look.endsWith("wedge") || row.look === "after";
  const tail = open && mark.x1 < box.x + box.width ? Math.min(14, width * 0.7) : 0;
  const solid = row.look === "solid" || row.look === "wedge";
  return pointed(mark.x0, mark.x0 + width, tail, y, color, paper, solid);
}

const BAR = 9;

/** One of two days: a dotted line with two ends. */
function eitherOf(mark: Labeled, width: number, y: number, color: string): Shape[] {
  const end = (x: number): Shape => line(x, y - BAR / 2, x, y + BAR / 2, color, { lineWidth: 2 });
  const thread = line(mark.x0, y, mark.x1, y, color, { lineDash: [2, 3], lineWidth: 1.5 });
  return [thread, end(mark.x0), end(mark.x1), rect(mark.x0, y - BAR / 2, width, BAR, { fill: "rgba(0,0,0,0)" })];
}

/** A bar from its blunt end to its tip; hatched where it is not solid. */
function pointed(
  blunt: number,
  tip: number,
  tail: number,
  y: number,
  color: string,
  paper: string,
  solid: boolean,
): Shape[] {
  const neck = tip > blunt ? tip - tail : tip + tail;
  const [top, bottom] = [y - BAR / 2, y + BAR / 2];
  const points = [
    [blunt, top],
    [neck, top],
    [tip, y],
    [neck, bottom],
    [blunt, bottom],
  ];
  const style = { fill: solid ? color : paper, stroke: color, lineWidth: 1 };
  const body: Shape = { type: "polygon", shape: { points }, style };
  return solid ? [body] : [body, hatch(Math.min(blunt, neck), top, Math.max(Math.abs(neck - blunt), 1), BAR, color)];
}

function arrow(words: string, x: number, y: number, color: string): Shape[] {
  const slope = words === "decreased" ? 5 : words === "increased" ? -5 : 0;
  const end: [number, number] = [x + 13, y + slope];
  const back = Math.atan2(slope * 2, 13),
    head = 5;
  const wing = (turn: number): Shape =>
    line(end[0], end[1], end[0] - head * Math.cos(back + turn), end[1] - head * Math.sin(back + turn), color, {
      lineWidth: 1.6,
    });
  return [
    line(x, y - slope, end[0], end[1], color, { lineWidth: 1.6 }),
    wing(0.6),
    wing(-0.6),
    rect(x - 2, y - 8, 18, 16, { fill: "rgba(0,0,0,0)" }),
  ];
}

function within(box: Box, x0: number, x1: number): [number, number] {
  return [Math.max(x0, box.x), Math.min(x1, box.x + box.width)];
}
