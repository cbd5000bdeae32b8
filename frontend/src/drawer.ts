/** The drawer beside a page that shows where a fact stands. It takes the focus and gives it back. */

import { h } from "./dom.ts";
import { digits } from "./numbers.ts";

export interface Source {
  document: string;
  kind: string | null;
  citation: string | null;
  first_line: number | null;
  last_line: number | null;
  page: string | null;
  quote: string | null;
  text: string;
}

export interface Fact {
  id: string;
  path: string;
  section: string;
  basis: string;
  note: string | null;
  sources: Source[];
  file: string;
  line: number;
  excerpt: string;
}

let present: HTMLElement | null = null;

/** Closes the drawer. */
export function closeDrawer(): void {
  present?.remove();
  present = null;
}

/** Opens the drawer on a fact; closing it returns to what was focused. */
export function openDrawer(fact: Fact, words: string): void {
  closeDrawer();
  const back = document.activeElement instanceof HTMLElement ? document.activeElement : null;
  const close = (): void => {
    closeDrawer();
    back?.focus();
  };
  const button = h("button", { type: "button", onclick: close, "aria-label": "Close" }, "✕");
  present = h(
    "aside",
    {
      class: "drawer",
      role: "dialog",
      "aria-label": `Source of ${fact.id}`,
      onkeydown: (event) => {
        if ((event as KeyboardEvent).key === "Escape") close();
      },
    },
    h(
      "header",
      {},
      h("div", {}, h("h2", {}, words || fact.id), h("p", { class: "quiet small" }, `${fact.id}, ${fact.basis}`)),
      button,
    ),
    fact.sources.map(sourceView),
    fact.note && h("p", { class: "note small" }, fact.note),
    h("h3", {}, "In the record"),
    h("p", { class: "quiet small" }, `${fact.file}, line ${digits(fact.line, 9)}`),
    h("pre", { tabindex: 0 }, fact.excerpt),
  );
  document.body.append(present);
  button.focus();
}

function sourceView(source: Source): HTMLElement {
  const lines =
    source.first_line === null
      ? null
      : source.last_line === null || source.last_line === source.first_line
        ? `line ${source.first_line}`
        : `lines ${source.first_line} to ${source.last_line}`;
  const place = source.page !== null ? `page ${source.page}` : (lines ?? "no place given");
  return h(
    "div",
    {},
    h(
      "p",
      {},
      h("strong", {}, `${source.document}, ${place}`),
      h("br"),
      h("span", { class: "quiet small" }, source.citation ?? source.kind ?? ""),
    ),
    source.quote && h("blockquote", { class: "note" }, source.quote),
  );
}
