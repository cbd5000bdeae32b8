/** A form that writes a record: checked as one types, kept as a file that `check` passes. */

import { get, post, upload, type Fault } from "../api.ts";
import { download, fill, h } from "../dom.ts";
import type { Page } from "../main.ts";
import { failure, faultTable, field, panel, select } from "../parts.ts";
import { addressOf } from "../router.ts";
import {
  FIXED,
  SECTIONS,
  draftOf,
  newItem,
  type Column,
  type Form,
  type Item,
  type Vocabulary,
} from "./write_fields.ts";

interface Checked {
  text: string;
  valid: boolean;
  faults: Fault[];
}

const WAIT_MS = 250;

/** Opens the form. */
export async function openForm(): Promise<Page> {
  const vocabulary = await get<Vocabulary>("/vocabulary");
  const view = new FormView(vocabulary);
  return { title: "Write a record", element: view.element, leave: () => view.leave() };
}

class FormView {
  readonly element: HTMLElement;
  private readonly form: Form = {
    head: {},
    items: { measurements: [newItem()], treatments: [], findings: [], events: [] },
  };
  private readonly vocabulary: Vocabulary;
  private readonly told = h("div", { "aria-live": "polite" });
  private readonly text = h("pre", { tabindex: 0, "aria-label": "The record as a file" });
  private readonly keep = h(
    "button",
    { type: "button", class: "main", disabled: true, onclick: () => this.save() },
    "Save the file",
  );
  private readonly open = h(
    "button",
    { type: "button", disabled: true, onclick: () => void this.openIt() },
    "Keep it here and open it",
  );
  private readonly controls = new Map<string, HTMLElement>();
  private checked: Checked | null = null;
  private timer = 0;
  private turn = 0;

  constructor(vocabulary: Vocabulary) {
    this.vocabulary = vocabulary;
    const fixed = FIXED.map((column) => this.control("head", column, this.form.head));
    const first = h("fieldset", {}, h("legend", {}, "The case"), h("div", { class: "fields" }, fixed));
    const sections = Object.keys(this.form.items).map((section) => this.section(section));
    const onsubmit = (event: Event): void => event.preventDefault();
    const about =
      "What the source does not say stays empty. No names, no dates of birth. Nothing is kept until you save it.";
    this.element = h(
      "div",
      {},
      h("h1", {}, "Write a record"),
      h("p", { class: "quiet" }, about),
      h("form", { onsubmit, autocomplete: "off" }, first, sections),
      this.checkPanel(),
    );
    void this.check();
  }

  private checkPanel(): HTMLElement {
    const buttons = h("div", { class: "row" }, this.keep, this.open);
    return panel("check", "Check", this.told, buttons, h("details", {}, h("summary", {}, "The file"), this.text));
  }

  leave(): void {
    clearTimeout(this.timer);
    this.turn += 1;
  }

  private section(name: string): HTMLElement {
    const list = h("div"),
      section = SECTIONS[name];
    if (!section) return list;
    const items = this.form.items[name] ?? [];
    const show = (): void =>
      fill(
        list,
        items.map((item, at) => this.itemFields(name, item, at, () => change(() => items.splice(at, 1)))),
      );
    const change = (how: () => void): void => {
      how();
      show();
      this.later();
    };
    const add = (): void => {
      change(() => items.push(newItem()));
      list.querySelector<HTMLElement>("fieldset:last-child input, fieldset:last-child select")?.focus();
    };
    show();
    const more = h(
      "button",
      { type: "button", onclick: add },
      `Add ${/^[aeiou]/i.test(section.one) ? "an" : "a"} ${section.one.toLowerCase()}`,
    );
    return h("section", { class: "panel", "aria-label": section.title }, h("h2", {}, section.title), list, more);
  }

  private itemFields(name: string, item: Item, at: number, drop: () => void): HTMLElement {
    const { one, columns } = SECTIONS[name] ?? { one: "", columns: [] };
    const fields = columns.map((column) => this.control(`${name}[${at}]`, column, item));
    const button = h("button", { type: "button", onclick: drop }, `Remove ${one.toLowerCase()} ${at + 1}`);
    return h("fieldset", {}, h("legend", {}, `${one} ${at + 1}`), h("div", { class: "fields" }, fields), button);
  }

  private control(place: string, column: Column, item: Item): HTMLElement {
    const set = (value: string): void => {
      item[column.name] = value;
      this.later();
    };
    const options = column.table
      ? (this.vocabulary[column.table] ?? []).map((term) => [term.name, term.label] as const)
      : column.choices?.map((choice) => [choice, choice] as const);
    const input = options
      ? select([["", "–"], ...options], item[column.name] ?? "", set)
      : h("input", {
          type: "text",
          value: item[column.name] ?? "",
          placeholder: column.example ?? null,
          inputmode: column.number ? "decimal" : null,
        });
    if (!options) input.addEventListener("input", () => set((input as HTMLInputElement).value));
    this.controls.set(`${place}.${column.name}`, input);
    return field(column.label, input);
  }

  private later(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.check(), WAIT_MS);
  }

  private async check(): Promise<void> {
    const own = ++this.turn;
    try {
      const found = await post<Checked>("/drafts", { data: draftOf(this.form) });
      if (own === this.turn) this.show(found);
    } catch (error) {
      if (own === this.turn) fill(this.told, failure(error));
    }
  }

  private show(found: Checked): void {
    this.checked = found;
    this.text.textContent = found.text;
    this.keep.disabled = this.open.disabled = !found.valid;
    const paths = found.faults.map((fault) =>
      fault.path.replace("patient.age.years", "head.age").replace("documents.source.", "head."),
    );
    for (const [name, control] of this.controls) {
      const wrong = paths.some((path) => path === name || `head.${path}` === name);
      control.setAttribute("aria-invalid", String(wrong));
    }
    const count = found.faults.length;
    fill(
      this.told,
      found.valid
        ? h("p", {}, h("strong", {}, "The record is valid."))
        : [
            h("p", {}, `${count} ${count === 1 ? "fault" : "faults"} to mend before it can be saved:`),
            faultTable(found.faults.map((fault) => ({ ...fault, file: "", line: 0 }))),
          ],
    );
  }

  private save(): void {
    if (this.checked?.valid) download(this.checked.text, `${this.form.head["id"]}.yaml`, "application/yaml");
  }

  private async openIt(): Promise<void> {
    if (!this.checked?.valid) return;
    try {
      const file = new File([this.checked.text], `${this.form.head["id"]}.yaml`);
      const { id } = await upload<{ id: string }>("/records", [file]);
      location.hash = addressOf("case", [id]);
    } catch (error) {
      fill(this.told, failure(error));
    }
  }
}
