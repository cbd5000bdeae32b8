/** The parameters of a subject: value, spread, meaning, source; one of them can be moved. */

import { get } from "../api.ts";
import { fill, h } from "../dom.ts";
import { digits } from "../numbers.ts";
import { field, panel, table } from "../parts.ts";

export interface Change {
  name: string;
  value: number;
}

interface Row {
  name: string;
  value: number;
  unit: string;
  sd_log: number | null;
  low: number;
  high: number | null;
  share: number | null;
  meaning: string;
  reference: string | null;
  status: string;
  note: string | null;
}

interface Parameters {
  parameters: Row[];
  references: Record<string, string>;
}

interface Section {
  element: HTMLElement;
  refresh: () => void;
}

const STEPS = 100,
  WAIT_MS = 30,
  MOST = 40;

/** The section of the parameters; `moved` is told of a change, null for none; `first` is moved from the start. */
export function parameterPanel(
  subject: () => string,
  moved: (change: Change | null) => void,
  first: Change | null,
): Section {
  const list = h("div"),
    chosen = h("div");
  const search = h("input", {
    type: "search",
    id: "parameter",
    autocomplete: "off",
    placeholder: "liver, glucagon, clearance …",
  });
  let found: Parameters = { parameters: [], references: {} },
    loaded = "";
  const choose = (row: Row): void => {
    fill(chosen, slider(row, row.value, moved));
    chosen.querySelector("input")?.focus();
  };
  const show = (): void => {
    const wanted = search.value.trim().toLowerCase();
    const fit = found.parameters.filter((row) => `${row.name} ${row.meaning}`.toLowerCase().includes(wanted));
    const more = `${MOST} of ${fit.length} shown; search to see others.`;
    const shown = parameterTable(fit.slice(0, MOST), found.references, choose);
    fill(list, shown, fit.length > MOST && h("p", { class: "quiet small" }, more));
  };
  const refresh = async (): Promise<void> => {
    if (loaded === subject() || !details.open) return;
    loaded = subject();
    found = await get<Parameters>(`/model/${loaded}/parameters`);
    show();
  };
  const begin = async (change: Change): Promise<void> => {
    const { parameters } = await get<Parameters>(`/model/${subject()}/parameters`);
    const row = parameters.find((one) => one.name === change.name);
    if (row) fill(chosen, slider(row, change.value, moved));
  };
  if (first) void begin(first);
  search.addEventListener("input", show);
  const summary = h("summary", {}, "All parameters with meaning and source");
  const details = h("details", { ontoggle: () => void refresh() }, summary, field("Search", search), list);
  const about = "Choose a parameter of the first subject and move it; the dashed curve shows what it does.";
  const element = panel("parameters", "What a parameter does", h("p", {}, about), chosen, details);
  return { element, refresh: () => void refresh() };
}

function parameterTable(
  rows: readonly Row[],
  references: Record<string, string>,
  choose: (row: Row) => void,
): HTMLElement {
  return table(
    "Parameters",
    ["Parameter", "Value", "Meaning", "Source", ""],
    rows.map((row) => [
      row.name,
      `${digits(row.value, 4)} ${row.unit === "1" ? "" : row.unit}`,
      row.meaning,
      h(
        "span",
        { class: "small" },
        row.reference ? (references[row.reference] ?? row.reference) : row.status,
        row.note && ` (${row.note})`,
      ),
      h("button", { type: "button", "aria-label": `Move ${row.name}`, onclick: () => choose(row) }, "Move"),
    ]),
    true,
  );
}

/** How far a parameter may be moved: two and a half spreads, or to half and double, within its bounds. */
export function rangeOf(row: Pick<Row, "value" | "sd_log" | "low" | "high">): [number, number] {
  const factor = row.sd_log ? Math.exp(2.5 * row.sd_log) : 2;
  if (row.value === 0) return [row.low, row.high ?? 1];
  return [Math.max(row.low, row.value / factor), Math.min(row.high ?? Infinity, row.value * factor)];
}

function slider(row: Row, begin: number, moved: (change: Change | null) => void): HTMLElement {
  const [low, high] = rangeOf(row),
    words = (value: number): string => `${digits(value, 3)} ${row.unit === "1" ? "" : row.unit}`,
    out = h("output", {}, words(begin));
  let timer = 0;
  const at = (step: number): number => low + ((high - low) * step) / STEPS;
  const stepOf = (value: number): number => Math.round(((value - low) / (high - low || 1)) * STEPS);
  const input = h("input", {
    type: "range",
    min: 0,
    max: STEPS,
    step: 1,
    value: stepOf(begin),
    oninput: () => {
      const value = at(Number(input.value));
      fill(out, words(value));
      clearTimeout(timer);
      timer = window.setTimeout(() => moved({ name: row.name, value }), WAIT_MS);
    },
  });
  const back = h(
    "button",
    {
      type: "button",
      onclick: () => {
        input.value = String(stepOf(row.value));
        fill(out, words(row.value));
        moved(null);
      },
    },
    "Back",
  );
  return h(
    "div",
    { class: "moved" },
    field(
      `${row.name}: ${row.meaning}`,
      input,
      `from ${digits(low, 3)} to ${digits(high, 3)} ${row.unit}; typical ${digits(row.value, 3)}`,
    ),
    h("div", { class: "row" }, out, back),
  );
}
