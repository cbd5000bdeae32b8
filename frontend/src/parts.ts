/** Parts that several pages share: refusals with their faults, verdicts, tables, jobs. */

import { Refusal, type Fault } from "./api.ts";
import { h, type Child } from "./dom.ts";
import { inWords } from "./numbers.ts";

/** What went wrong, with every fault and its line. */
export function failure(error: unknown): HTMLElement {
  const told = error instanceof Error ? error.message : "Something went wrong.";
  const faults = error instanceof Refusal ? error.faults : [];
  return h(
    "div",
    { class: "alert", role: "alert" },
    h("p", {}, h("strong", {}, told)),
    faults.length > 0 && faultTable(faults),
  );
}

/** Every fault: where, what is wrong, what was expected, what to do. */
export function faultTable(faults: readonly Fault[]): HTMLElement {
  return h(
    "div",
    { class: "scroll", tabindex: 0, role: "region", "aria-label": "Faults" },
    h(
      "table",
      { class: "stack" },
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          ["Line", "Where", "What is wrong", "Expected", "What to do"].map((name) => h("th", { scope: "col" }, name)),
        ),
      ),
      h(
        "tbody",
        {},
        faults.map((fault) =>
          h(
            "tr",
            {},
            cell("Line", fault.file && h("span", { class: "nowrap" }, placeOf(fault))),
            cell("Where", fault.path && h("code", {}, fault.path)),
            cell("What is wrong", fault.problem),
            cell("Expected", fault.expected),
            cell("What to do", fault.remedy),
          ),
        ),
      ),
    ),
  );
}

function placeOf(fault: Fault): string {
  return fault.line > 0 ? `${fault.file}:${fault.line}` : fault.file;
}

/** A cell that says its column where the table is stacked. */
export function cell(label: string, ...children: Child[]): HTMLElement {
  return h("td", { "data-label": label }, ...children);
}

/** A table; a calm one has no strong first column. */
export function table(
  caption: string,
  columns: readonly string[],
  rows: readonly (readonly Child[])[],
  calm = false,
): HTMLElement {
  return h(
    "div",
    { class: "scroll", tabindex: 0, role: "region", "aria-label": caption },
    h(
      "table",
      { class: calm ? "stack calm" : "stack" },
      h("caption", { class: "visually-hidden" }, caption),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          columns.map((name) => h("th", { scope: "col" }, name)),
        ),
      ),
      h(
        "tbody",
        {},
        rows.map((row) =>
          h(
            "tr",
            {},
            row.map((value, at) => (at === 0 ? h("th", { scope: "row" }, value) : cell(columns[at] ?? "", value))),
          ),
        ),
      ),
    ),
  );
}

/** A verdict in word and sign. */
export function verdict(name: string): HTMLElement {
  return h("span", { class: `verdict ${name}` }, inWords(name).toLowerCase());
}

/** A section of a page. */
export function panel(id: string, title: string, ...children: Child[]): HTMLElement {
  return h(
    "section",
    { class: "panel", id, "aria-labelledby": `${id}-title` },
    h("h2", { id: `${id}-title` }, title),
    ...children,
  );
}

/** A field of a form with its label. */
export function field(label: string, control: HTMLElement, note?: string): HTMLElement {
  const id = control.id || `f-${Math.random().toString(36).slice(2, 9)}`;
  control.id = id;
  return h(
    "div",
    { class: "field" },
    h("label", { for: id }, label),
    control,
    note ? h("span", { class: "quiet small" }, note) : null,
  );
}

/** A list of choices. */
export function select(
  options: readonly (readonly [string, string])[],
  chosen: string,
  onchange: (value: string) => void,
): HTMLSelectElement {
  const element = h(
    "select",
    { onchange: () => onchange(element.value) },
    options.map(([value, words]) => h("option", { value, selected: value === chosen }, words)),
  );
  return element;
}
