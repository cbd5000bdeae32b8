/** Values of a chart of the clinical course: signs, bounds and labels. */

import type { CourseRow } from "./course_data.ts";
import { FONT_PX, type LaneStyle } from "./course_draw.ts";
import { GRAY, LEVELS, MARKERS } from "./palette.ts";
import { line, sign, text, textWidth, type Api, type Params, type Shape } from "./shapes.ts";

/** A value of a chart: its sign, its interval or bound, its words where there are few. */
export function valueItem(rows: readonly CourseRow[], style: LaneStyle, params: Params, api: Api): Shape {
  const row = rows[api.value(2)],
    box = params.coordSys;
  const [place, y] = api.coord([api.value(0), api.value(1)]);
  const x = place + aside(rows, api.value(2));
  if (!row || x < box.x - 1 || x > box.x + box.width + 1) return { type: "group", children: [] };
  const [color, kind] =
    row.panel === "markers" ? (MARKERS[row.name] ?? [GRAY, "circle"]) : (LEVELS[row.level] ?? [GRAY, "circle"]);
  const children: Shape[] = [sign(kind, x, y, 11, lighter(color, style), style.inks.paper, row.time_known !== "exact")];
  if (row.kind === "censored") {
    const down = row.words.startsWith("<") ? 14 : -14;
    children.push(line(x, y, x, y + down, color, { lineWidth: 1.4 }));
  }
  if (rows.length <= 8) {
    const words =
      row.panel === "markers"
        ? `${row.item.replace("Neuron-specific enolase", "NSE")} ${row.words}`
        : [row.words, row.level === "level 3" ? row.level : ""].filter(Boolean).join(", ");
    const left = x + textWidth(words, style.font) + 12 > box.x + box.width;
    const height = labelHeight(rows, api.value(2), y, api),
      at = row.panel === "markers" ? place + (SPREAD * rows.length) / 2 + 10 : x + (left ? -10 : 10);
    if (row.panel === "markers") children.push(line(x + 8, y, at - 3, height, style.inks.quiet, { lineWidth: 0.8 }));
    children.push(
      text(at, height, words, style.inks.ink, {
        font: style.font,
        textAlign: left ? "right" : "left",
        stroke: style.inks.strip,
        lineWidth: 3,
      }),
    );
  }
  return { type: "group", children };
}

export const SPREAD = 13;

/** How far a marker is moved aside, so that those of one sample do not hide each other. */
export function aside(rows: readonly CourseRow[], index: number): number {
  const own = rows[index];
  if (own?.panel !== "markers") return 0;
  const together = rows
    .map((row, at) => ({ row, at }))
    .filter(({ row }) => row.at === own.at)
    .sort((a, b) => (b.row.times_limit ?? 0) - (a.row.times_limit ?? 0));
  return (together.findIndex(({ at }) => at === index) - (together.length - 1) / 2) * SPREAD;
}

/** The height of the label of a value: moved off the labels of values close to it. */
export function labelHeight(rows: readonly CourseRow[], index: number, y: number, api: Api): number {
  const row = rows[index];
  if (!row || row.panel !== "markers") return y;
  const heights = rows
    .map((other, at) => [api.coord([0, other.times_limit ?? 1])[1], at] as const)
    .sort((a, b) => a[0] - b[0]);
  let last = -Infinity;
  for (const [height, at] of heights) {
    last = Math.max(height, last + FONT_PX + 2);
    if (at === index) return last;
  }
  return y;
}

export function lighter(color: string, style: LaneStyle): string {
  return style.inks.ink === "#ececec" && color === "#8f1d00" ? "#ff8a66" : color;
}
