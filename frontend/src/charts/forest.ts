/** A forest of paired differences: every scenario against what was done, endpoint by endpoint. */

import { digits } from "../numbers.ts";
import { FONT, type Option } from "./echarts.ts";
import type { Table } from "./figure.ts";
import { inks, type Inks } from "./palette.ts";
import { line, text, type Api, type Params, type Shape } from "./shapes.ts";
import { alternatives, colorOf, isSame, MOSTLY_PRIOR, SAME, shortName, type WhatIf } from "./what_if.ts";

const LABELS = 150,
  TITLE = 26,
  ROW = 26,
  AXIS = 26,
  GAP = 14,
  PAD = 56,
  ALONE = 30;

interface Layout {
  columns: number;
  cell: number;
  height: number;
}

/** The endpoints of a result, in their order. */
function shownIn(result: WhatIf): string[] {
  const done = result.scenarios[result.baseline]?.endpoints ?? {};
  return Object.keys(result.endpoints).filter((name) => name in done);
}

function layout(result: WhatIf, width: number): Layout {
  const columns = width >= 860 ? 3 : width >= 560 ? 2 : 1;
  const cell = TITLE + ROW * alternatives(result).length + AXIS + GAP;
  return { columns, cell, height: Math.ceil(shownIn(result).length / columns) * cell };
}

/** How high the chart is. */
export function forestHeight(result: WhatIf, width: number): number {
  return layout(result, width).height;
}

/** The chart of a result. */
export function forestOption(result: WhatIf, width: number): Option {
  const ink = inks(),
    { columns, cell } = layout(result, width),
    endpoints = shownIn(result),
    names = alternatives(result);
  const each = (width - LABELS) / columns;
  const left = (at: number): number => LABELS + (at % columns) * each;
  const top = (at: number): number => Math.floor(at / columns) * cell + TITLE;
  return {
    animation: false,
    textStyle: { fontFamily: FONT, color: ink.ink },
    grid: endpoints.map((_, at) => ({
      left: left(at),
      top: top(at),
      width: each - (columns > 1 ? PAD : ALONE),
      height: ROW * names.length,
      outerBoundsMode: "none",
    })),
    title: endpoints.map((name, at) => titleOf(result, name, left(at), top(at), ink)),
    xAxis: endpoints.map((_, at) => ({
      type: "value",
      gridIndex: at,
      splitNumber: 3,
      boundaryGap: ["6%", "6%"],
      axisLine: { show: true, lineStyle: { color: ink.quiet } },
      axisLabel: { color: ink.ink, fontSize: 11, hideOverlap: true },
      splitLine: { show: false },
    })),
    yAxis: endpoints.map((_, at) => ({
      type: "category",
      gridIndex: at,
      inverse: true,
      data: names,
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: {
        show: at % columns === 0,
        color: ink.ink,
        fontSize: 12,
        width: LABELS - 16,
        overflow: "truncate",
        margin: 12,
      },
    })),
    series: endpoints.map((name, at) => seriesOf(result, names, name, at, ink)),
  };
}

function titleOf(result: WhatIf, name: string, left: number, top: number, ink: Inks): Record<string, unknown> {
  const unit = result.scenarios[result.baseline]?.endpoints[name]?.unit ?? "";
  return {
    text: `{b|${shortName(name)}}  {n|${unit}}`,
    left,
    top: top - TITLE + 4,
    padding: 0,
    textStyle: {
      color: ink.ink,
      rich: { b: { fontWeight: 650, fontSize: 12 }, n: { color: ink.quiet, fontSize: 11, fontWeight: "normal" } },
    },
  };
}

function seriesOf(
  result: WhatIf,
  names: readonly string[],
  endpoint: string,
  at: number,
  ink: Inks,
): Record<string, unknown> {
  const data = names.map((name, row) => {
    const difference = result.scenarios[name]?.endpoints[endpoint]?.difference;
    return [difference?.interval_90[0] ?? Number.NaN, row, difference?.median, difference?.interval_90[1]];
  });
  const renderItem = (params: Params, api: Api): Shape => {
    const name = names[params.dataIndex] ?? "",
      { x, width } = params.coordSys;
    const y = api.coord([0, params.dataIndex])[1],
      found = result.scenarios[name]?.endpoints[endpoint],
      difference = found?.difference,
      share = found?.share_of_prior ?? null;
    if (!Number.isFinite(api.value(2))) return text(x + 4, y, "not computed", ink.quiet, { fontSize: 11 });
    const at = (value: number): number => Math.min(Math.max(api.coord([value, 0])[0], x), x + width);
    const color = share === null ? ink.quiet : colorOf(result, name),
      zero = at(0);
    if (isSame(difference)) return text(x + 4, y, SAME, ink.quiet, { fontSize: 11 });
    return {
      type: "group",
      children: [
        line(zero, y - ROW / 2, zero, y + ROW / 2, ink.line),
        line(at(api.value(0)), y, at(api.value(3)), y, color, { lineWidth: 2 }),
        {
          type: "circle",
          shape: { cx: at(api.value(2)), cy: y, r: 5 },
          style: { fill: share !== null && share > MOSTLY_PRIOR ? ink.paper : color, stroke: color, lineWidth: 2 },
        },
      ],
    };
  };
  const encode = { x: [0, 2, 3], y: 1 };
  return { type: "custom", xAxisIndex: at, yAxisIndex: at, data, renderItem, encode, silent: true };
}

/** The table behind the forest. */
export function forestTable(result: WhatIf): Table {
  const columns = ["endpoint", "unit", "scenario", "median", "5 %", "95 %"];
  const paired = ["difference", "difference 5 %", "difference 95 %", "probability lower", "share of prior"];
  const rows = shownIn(result).flatMap((endpoint) =>
    Object.entries(result.scenarios).map(([name, { endpoints }]) => {
      const found = endpoints[endpoint],
        by = found?.difference;
      return [
        shortName(endpoint),
        found?.unit ?? "",
        name,
        found?.median ?? null,
        ...(found?.interval_90 ?? [null, null]),
        by?.median ?? null,
        ...(by?.interval_90 ?? [null, null]),
        by?.probability_lower ?? null,
        found?.share_of_prior ?? null,
      ];
    }),
  );
  return { columns: [...columns, ...paired], rows };
}

/** A difference in words: median, 90 % interval, and how often it is lower. */
export function signed(value: number | null): string {
  return value !== null && value > 0 ? `+${digits(value)}` : digits(value).replace("-", "−");
}
