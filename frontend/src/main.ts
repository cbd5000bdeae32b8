/** Starts the app: the frame with its settings, and the page that the address names. */

import { get } from "./api.ts";
import { h, fill } from "./dom.ts";
import { failure } from "./parts.ts";
import { addressOf, parseRoute, type Route } from "./router.ts";
import { followSystem, onSettings, setTheme, setUnit, theme, unit, type Unit } from "./settings.ts";

/** What a page is: its element, and how to leave it. */
export interface Page {
  title: string;
  element: HTMLElement;
  leave?: () => void;
}

type Open = (route: Route) => Promise<Page>;

const PAGES: Record<string, { name: string; open: Open }> = {
  case: { name: "Case", open: async (route) => (await import("./pages/case.ts")).openCase(route) },
  twin: { name: "Twin", open: async (route) => (await import("./pages/twin.ts")).openTwin(route) },
  compare: { name: "Compare", open: async (route) => (await import("./pages/compare.ts")).openCompare(route) },
  protocols: { name: "Protocols", open: async (route) => (await import("./pages/protocols.ts")).openProtocols(route) },
  trial: { name: "Trial", open: async (route) => (await import("./pages/trial.ts")).openTrial(route) },
  evidence: { name: "Evidence", open: async (route) => (await import("./pages/evidence.ts")).openEvidence(route) },
};

const HIDDEN: Record<string, Open> = {
  records: async () => (await import("./pages/records.ts")).openRecords(),
  write: async () => (await import("./pages/write.ts")).openForm(),
};

const main = h("main", { id: "main", tabindex: -1 });
const nav = h("nav", { "aria-label": "Pages" });
let present: Page | null = null;
let turn = 0;

async function show(): Promise<void> {
  const route = parseRoute(location.hash),
    own = ++turn;
  const open = PAGES[route.page]?.open ?? HIDDEN[route.page];
  markPage(HIDDEN[route.page] ? "case" : route.page);
  let page: Page;
  try {
    if (!open) throw new Error("There is no such page.");
    page = await open(route);
  } catch (error) {
    page = { title: "Not shown", element: h("div", {}, h("h1", {}, "This view cannot be shown"), failure(error)) };
  }
  if (own !== turn) return page.leave?.();
  present?.leave?.();
  present = page;
  document.title = `${page.title} · insulinoma`;
  fill(main, page.element);
  scrollTo({ top: 0, behavior: "instant" });
}

function markPage(name: string): void {
  fill(
    nav,
    Object.entries(PAGES).map(([key, page]) =>
      h("a", { href: addressOf(key), "aria-current": key === name ? "page" : null }, page.name),
    ),
  );
}

function segments<T extends string>(
  label: string,
  values: readonly T[],
  chosen: () => T,
  choose: (value: T) => void,
): HTMLElement {
  const buttons = values.map((value) => h("button", { type: "button", onclick: () => choose(value) }, value));
  const mark = (): void =>
    buttons.forEach((button, at) => button.setAttribute("aria-pressed", String(values[at] === chosen())));
  onSettings(mark);
  mark();
  return h("div", { class: "segments", role: "group", "aria-label": label }, buttons);
}

function frame(): void {
  const units = segments<Unit>("Unit of glucose", ["mg/dL", "mmol/L"], unit, setUnit);
  const themes = segments("Appearance", ["light", "dark"] as const, theme, setTheme);
  const use = h("p", { class: "quiet small" });
  const again = h(
    "button",
    { type: "button", class: "plain small", onclick: () => void anotherBrowser(again) },
    "Open in another browser",
  );
  const skip = h(
    "a",
    {
      class: "skip",
      href: "#main",
      onclick: (event) => {
        event.preventDefault();
        main.focus();
      },
    },
    "Skip to the page",
  );
  document.body.append(
    skip,
    h(
      "header",
      { class: "bar" },
      h(
        "div",
        {},
        h("a", { class: "brand", href: addressOf("case") }, "insulinoma"),
        nav,
        h("div", { class: "settings" }, units, themes),
      ),
    ),
    main,
    h("footer", {}, h("div", {}, use, again)),
  );
  void get<{ software: string; intended_use: string }>("/about").then((about) =>
    fill(use, `${about.intended_use} ${about.software}.`),
  );
}

async function anotherBrowser(button: HTMLButtonElement): Promise<void> {
  const { post } = await import("./api.ts");
  const { link } = await post<{ link: string }>("/session/link");
  button.replaceWith(h("span", { class: "small" }, "This link works once: ", h("code", {}, link)));
}

followSystem();
frame();
addEventListener("hashchange", () => void show());
void show();
