/** A figure: a chart that follows its size and the theme, with its table, and SVG, PNG and CSV to keep. */

import { download, fill, h } from "../dom.ts";
import { csv, digits } from "../numbers.ts";
import { onSettings } from "../settings.ts";
import { asSvg, type Chart, type Option } from "./echarts.ts";
import { inks } from "./palette.ts";

export interface Table {
  columns: string[];
  rows: (string | number | null)[][];
}

export interface FigureSpec {
  /** Name of the files that are kept. */
  name: string;
  /** What the figure shows, for one who does not see it. */
  label: string;
  height: (width: number) => number;
  option: (width: number) => Option;
  table: () => Table;
  /** What else stands among the tools. */
  tools?: HTMLElement[];
  ready?: (chart: Chart) => void;
}

export interface Figure {
  element: HTMLElement;
  /** Draws anew after a change of what is shown. */
  redraw: () => void;
  chart: () => Chart | null;
  dispose: () => void;
}

/** A figure that draws itself once it is on the page. */
export function figure(spec: FigureSpec): Figure {
  const canvas = h("div", { class: "chart", role: "img", "aria-label": spec.label });
  const table = tableOf(spec);
  const element = h("figure", {}, toolsOf(spec, canvas), canvas, table.element);
  let chart: Chart | null = null;
  let width = 0;

  const redraw = (): void => {
    width = canvas.clientWidth;
    if (width === 0 || chart === null) return;
    canvas.style.height = `${spec.height(width)}px`;
    chart.resize();
    chart.setOption(spec.option(width), { notMerge: true });
    table.refresh();
  };
  const watch = new ResizeObserver(() => {
    if (canvas.clientWidth !== width) redraw();
  });
  const stop = onSettings(redraw);
  void import("./echarts.ts").then(({ chartIn }) => {
    canvas.style.height = `${spec.height(canvas.clientWidth || 600)}px`;
    chart = chartIn(canvas);
    redraw();
    watch.observe(canvas);
    spec.ready?.(chart);
  });
  const dispose = (): void => {
    watch.disconnect();
    stop();
    chart?.dispose();
    chart = null;
  };
  return { element, redraw, chart: () => chart, dispose };
}

function toolsOf(spec: FigureSpec, canvas: HTMLElement): HTMLElement {
  const picture = (): string =>
    asSvg(onPaper(spec.option(canvas.clientWidth)), canvas.clientWidth, canvas.clientHeight);
  const saveCsv = (): void => {
    const { columns, rows } = spec.table();
    download(csv(columns, rows), `${spec.name}.csv`, "text/csv;charset=utf-8");
  };
  return h(
    "div",
    { class: "tools", role: "group", "aria-label": "The figure" },
    spec.tools,
    h("button", { type: "button", onclick: () => download(picture(), `${spec.name}.svg`, "image/svg+xml") }, "SVG"),
    h("button", { type: "button", onclick: () => void savePng(picture(), canvas, `${spec.name}.png`) }, "PNG"),
    h("button", { type: "button", onclick: saveCsv }, "CSV"),
  );
}

function onPaper(option: Option): Option {
  return { ...option, backgroundColor: inks().paper };
}

async function savePng(text: string, canvas: HTMLElement, name: string): Promise<void> {
  const scale = 2;
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const target = h("canvas", { width: canvas.clientWidth * scale, height: canvas.clientHeight * scale });
  const context = target.getContext("2d");
  context?.drawImage(image, 0, 0, target.width, target.height);
  target.toBlob((blob) => blob && download(blob, name, "image/png"), "image/png");
}

export const MOST_ROWS = 400;

/** The table behind a figure; it is filled when it is opened. */
function tableOf(spec: FigureSpec): { element: HTMLElement; refresh: () => void } {
  const inside = h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": `Table: ${spec.label}` });
  const element = h("details", {}, h("summary", {}, "The table behind the figure"), inside);
  const refresh = (): void => {
    if (!element.open) return;
    const { columns, rows } = spec.table();
    const head = columns.map((column) => h("th", { scope: "col" }, column));
    const body = rows.slice(0, MOST_ROWS).map((row) => h("tr", {}, row.map(cellOf)));
    const more = `The first ${MOST_ROWS} of ${rows.length} rows; CSV has all.`;
    fill(
      inside,
      h("table", { class: "small" }, h("thead", {}, h("tr", {}, head)), h("tbody", {}, body)),
      rows.length > MOST_ROWS && h("p", { class: "quiet small" }, more),
    );
  };
  element.addEventListener("toggle", refresh);
  return { element, refresh };
}

function cellOf(value: string | number | null): HTMLElement {
  return typeof value === "number" ? h("td", { class: "number" }, digits(value, 4)) : h("td", {}, value);
}
