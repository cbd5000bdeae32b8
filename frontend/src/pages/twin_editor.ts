/** The treatments of the twin as sliders and fields: the same items as on the lanes. */

import { fill, h } from "../dom.ts";
import { field, panel, select } from "../parts.ts";
import { amountOf, kindOf, kindsFor, type Habits, type Item } from "./twin_kinds.ts";

interface State {
  items: readonly Item[];
  habits: Habits;
  days: number;
}

/** The list of treatments with their fields, and what adds one. */
export function editor(
  state: () => State,
  changed: () => void,
  removed: (item: Item) => void,
  added: (item: Item) => void,
): { element: HTMLElement; adder: HTMLElement; refresh: () => void } {
  const list = h("div", { class: "columns" }),
    adder = h("div", { class: "row ends" });
  let shown: readonly Item[] = [],
    who = "",
    outs: (() => void)[] = [];
  const refresh = (): void => {
    const { items, habits, days } = state();
    if (items === shown && items.length === outs.length && who === habits.subject)
      return outs.forEach((update) => update());
    shown = items;
    who = habits.subject;
    outs = [];
    fill(
      list,
      items.map((item, at) => itemFields(item, at, changed, removed, outs)),
    );
    fill(adder, adding(habits, days, added));
  };
  return { element: panel("treatments", "Treatments", list), adder, refresh };
}

function adding(habits: Habits, days: number, added: (item: Item) => void): HTMLElement[] {
  const kinds = kindsFor(habits);
  let chosen = kinds[0]?.id ?? "";
  const add = (): void => {
    const kind = kinds.find((one) => one.id === chosen);
    if (kind) added({ kind: kind.id, start: days * 0.25, stop: kind.bar ? days * 0.75 : 0, amount: kind.usual });
  };
  return [
    field(
      "Add a treatment",
      select(
        kinds.map((kind) => [kind.id, kind.label] as const),
        chosen,
        (value) => {
          chosen = value;
        },
      ),
    ),
    h("button", { type: "button", onclick: add }, "Add"),
  ];
}

function itemFields(
  item: Item,
  at: number,
  changed: () => void,
  removed: (item: Item) => void,
  outs: (() => void)[],
): HTMLElement {
  const kind = kindOf(item),
    out = h("output", { class: "small" });
  const oninput = (): void => {
    item.amount = Number(slider.value);
    changed();
  };
  const slider = h("input", {
    type: "range",
    min: kind.low,
    max: kind.high,
    step: kind.step,
    value: item.amount,
    oninput,
  });
  const start = dayField(item, "start", changed),
    stop = dayField(item, "stop", changed);
  const update = (): void => {
    fill(out, amountOf(kind, item.amount));
    const shown = [
      [start, item.start],
      [stop, item.stop],
      [slider, item.amount],
    ] as const;
    for (const [input, value] of shown)
      if (document.activeElement !== input) input.value = String(Number(value.toFixed(3)));
  };
  update();
  outs.push(update);
  const days = h(
    "div",
    { class: "fields" },
    field(kind.bar ? "From day" : "Day", start),
    kind.bar && field("To day", stop),
  );
  const button = { type: "button", "aria-label": `Remove ${kind.label}`, onclick: () => removed(item) };
  const legend = h("legend", {}, `${at + 1}. ${kind.label}`);
  return h("fieldset", {}, legend, field("Amount", slider), out, days, h("button", button, "Remove"));
}

function dayField(item: Item, name: "start" | "stop", changed: () => void): HTMLInputElement {
  const onchange = (): void => {
    if (!Number.isFinite(input.valueAsNumber)) return;
    item[name] = input.valueAsNumber;
    changed();
  };
  const input = h("input", { type: "number", step: "any", min: 0, max: 157, onchange });
  return input;
}
