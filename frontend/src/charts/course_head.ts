/** What stands above and below the panels of the clinical course: labels of the rules, the break of the axis. */

import type { Course } from "./course_data.ts";
import { rulesOf, type LaneStyle } from "./course_draw.ts";
import { isNarrow, ROW, styleOf, TITLE } from "./course_style.ts";
import { line, text, textWidth, type Api, type Params, type Shape } from "./shapes.ts";

/** Labels of the rules above the panels, in as many rows as they need to stand clear. */
export function headRows(course: Course, width: number): { depth: number; rows: number[] } {
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

export function headLabels(course: Course, width: number, params: Params, api: Api, style: LaneStyle): Shape[] {
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
export function foot(course: Course, params: Params, api: Api, style: LaneStyle): Shape[] {
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
