/** Measures of the chart of the clinical course. */

import { FONT } from "./echarts.ts";
import { FONT_PX, type LaneStyle } from "./course_draw.ts";
import { inks } from "./palette.ts";

export const TITLE = 28,
  AFTER = 12,
  AXIS = 56,
  ROW = 17;

export const isNarrow = (width: number): boolean => width < 720;

export function styleOf(width: number): LaneStyle {
  const narrow = isNarrow(width);
  return { inks: inks(), font: `${FONT_PX}px ${FONT}`, height: narrow ? 36 : 23, narrow, gutter: narrow ? 40 : 196 };
}
