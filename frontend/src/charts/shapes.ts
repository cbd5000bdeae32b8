/** Shapes of custom series: plain objects that the chart draws. */

export interface Shape {
  type: string;
  shape?: Record<string, unknown>;
  style?: Record<string, unknown>;
  children?: Shape[];
  silent?: boolean;
  z2?: number;
}

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** What a chart hands to a custom series when it draws one item. */
export interface Api {
  value(dimension: number): number;
  coord(point: [number, number]): [number, number];
}

export interface Params {
  coordSys: Box;
  dataIndex: number;
}

let context: CanvasRenderingContext2D | null | undefined;

/** The width of a text in pixels. */
export function textWidth(text: string, font: string): number {
  context ??= document.createElement("canvas").getContext("2d");
  if (!context) return text.length * 6;
  context.font = font;
  return context.measureText(text).width;
}

export function text(x: number, y: number, words: string, fill: string, more: Record<string, unknown> = {}): Shape {
  return { type: "text", silent: true, style: { x, y, text: words, fill, textVerticalAlign: "middle", ...more } };
}

export function line(
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  stroke: string,
  more: Record<string, unknown> = {},
): Shape {
  return { type: "line", silent: true, shape: { x1, y1, x2, y2 }, style: { stroke, lineWidth: 1, ...more } };
}

export function rect(x: number, y: number, width: number, height: number, style: Record<string, unknown>): Shape {
  return { type: "rect", shape: { x, y, width, height }, style };
}

/** Diagonal strokes inside a rectangle, as one path. */
export function hatch(x: number, y: number, width: number, height: number, stroke: string): Shape {
  const strokes: string[] = [];
  for (let at = x - height; at < x + width; at += 5) {
    const from = Math.max(at, x),
      to = Math.min(at + height, x + width);
    if (to > from)
      strokes.push(
        `M${from.toFixed(1)} ${(y + height - (from - at)).toFixed(1)}L${to.toFixed(1)} ${(y + height - (to - at)).toFixed(1)}`,
      );
  }
  return {
    type: "path",
    silent: true,
    shape: { pathData: strokes.join("") || "M0 0" },
    style: { stroke, fill: "none", lineWidth: 1 },
  };
}

/** The sign of a value: a shape of Okabe and Ito's kind, hollow where its day is not stated. */
export function sign(
  kind: string,
  x: number,
  y: number,
  size: number,
  color: string,
  paper: string,
  hollow: boolean,
): Shape {
  const style = { fill: hollow ? paper : color, stroke: color, lineWidth: 1.6 };
  const r = size / 2;
  if (kind === "rect") return rect(x - r * 0.9, y - r * 0.9, size * 0.9, size * 0.9, style);
  if (kind === "circle") return { type: "circle", shape: { cx: x, cy: y, r: r * 0.95 }, style };
  const corners: Record<string, [number, number][]> = {
    triangle: [
      [0, 1.1],
      [1.1, -0.8],
      [-1.1, -0.8],
    ],
    diamond: [
      [0, -1.2],
      [1.2, 0],
      [0, 1.2],
      [-1.2, 0],
    ],
    pin: [
      [0, -1.1],
      [1.05, -0.3],
      [0.65, 0.95],
      [-0.65, 0.95],
      [-1.05, -0.3],
    ],
    star: Array.from({ length: 10 }, (_, k): [number, number] => {
      const far = k % 2 ? 0.55 : 1.35,
        angle = (Math.PI * k) / 5 - Math.PI / 2;
      return [far * Math.cos(angle), far * Math.sin(angle)];
    }),
  };
  const points = (corners[kind] ?? corners["diamond"] ?? []).map(([dx, dy]) => [x + dx * r, y + dy * r]);
  return { type: "polygon", shape: { points }, style };
}
