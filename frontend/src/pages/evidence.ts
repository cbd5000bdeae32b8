/** The evidence: questions, treatments side by side, conflicts, and whether insulinomas are malignant. */

import { get, post } from "../api.ts";
import { fill, h, type Child } from "../dom.ts";
import type { Page } from "../main.ts";
import { failure, table } from "../parts.ts";
import { addressOf, type Route } from "../router.ts";
import { malignantPage } from "./malignant.ts";
import { answerView, conflictView, type Answer, type Conflict } from "./evidence_parts.ts";
const QUESTIONS: Record<string, string> = {
  malignant: "Are insulinomas malignant?",
  diazoxide: "Does diazoxide work in malignant insulinoma?",
  embolization: "How well does embolization control hypoglycemia?",
  survival: "How long do patients with malignant insulinoma live?",
  octreotide: "Can octreotide make hypoglycemia worse?",
};

const VIEWS = [
  ["", "Ask"],
  ["malignant", "Are insulinomas malignant?"],
  ["treatments", "Treatments"],
  ["conflicts", "Conflicts"],
] as const;

/** Opens the page of the evidence; the address names the view. */
export async function openEvidence(route: Route): Promise<Page> {
  const part = route.parts[0] ?? "";
  const views: Record<string, () => Promise<HTMLElement>> = {
    malignant: malignantPage,
    treatments: treatmentsView,
    conflicts: conflictsView,
  };
  const view = views[part] ?? (() => askView(route.query.get("question") ?? ""));
  const links = h(
    "nav",
    { "aria-label": "Views of the evidence" },
    h(
      "ul",
      { class: "subnav" },
      VIEWS.map(([name, words]) =>
        h(
          "li",
          {},
          h(
            "a",
            { href: addressOf("evidence", name ? [name] : []), "aria-current": name === part ? "page" : null },
            words,
          ),
        ),
      ),
    ),
  );
  return { title: "Evidence", element: h("div", {}, links, await view()) };
}

async function askView(first: string): Promise<HTMLElement> {
  const place = h("div", { "aria-live": "polite" });
  const input = h("input", { type: "search", id: "question", maxlength: 500, required: true, autocomplete: "off" });
  input.style.flex = "1 1 16rem";
  const ask = async (question: string): Promise<void> => {
    try {
      fill(place, answerView(await post<Answer>("/evidence/ask", { question })));
    } catch (error) {
      fill(place, failure(error));
    }
  };
  const onsubmit = (event: Event): void => {
    event.preventDefault();
    if (input.value.trim()) void ask(input.value);
  };
  const form = h("form", { class: "row", onsubmit }, input, h("button", { class: "main" }, "Ask"));
  const known = QUESTIONS[first];
  if (known) {
    input.value = known;
    await ask(known);
  }
  const about =
    "Published statements with their sources and conflicts; never a recommendation. A question stays on this machine and is not kept.";
  const label = h("label", { for: "question" }, "A question in plain words");
  const box = h("div", { class: "panel" }, label, form, h("p", { class: "small quiet" }, "Such as: ", examples()));
  return h("div", {}, h("h1", {}, "What the literature says"), h("p", { class: "quiet" }, about), box, place);
}

function examples(): Child[] {
  return Object.entries(QUESTIONS).map(([question, words], at) => [
    at > 0 && " · ",
    h("a", { href: addressOf("evidence", [], { question }) }, words),
  ]);
}

async function conflictsView(): Promise<HTMLElement> {
  const { conflicts } = await get<{ conflicts: Conflict[] }>("/evidence/conflicts");
  return h(
    "div",
    {},
    h("h1", {}, "Where the sources disagree"),
    h("p", { class: "quiet" }, "Both sides stay; what decides is said where anything does."),
    conflicts.map((one) => h("div", { class: "panel" }, conflictView(one))),
  );
}

interface Treatment {
  id: string;
  label: string;
  group: string;
  text: string;
  tried: boolean;
  response: string | null;
  outcomes: {
    id: string;
    text: string;
    n: number | null;
    population: string;
    as_of: number | null;
    certainty: string;
    citation: string;
  }[];
  cautions: { text: string; because?: string[] }[];
  guidelines: { text: string }[];
}

async function treatmentsView(): Promise<HTMLElement> {
  const found = await get<{ notice: string; treatments: Treatment[] }>("/records/muro-2014/treatments");
  const list = h("div");
  const input = h("input", { type: "search", id: "filter", autocomplete: "off" });
  const show = (): void => {
    const wanted = input.value.trim().toLowerCase();
    const rows = found.treatments.filter((one) => `${one.label} ${one.group}`.toLowerCase().includes(wanted));
    fill(list, rows.length === 0 ? h("p", { class: "quiet" }, "None of this name.") : rows.map(treatmentView));
  };
  input.addEventListener("input", show);
  show();
  return h(
    "div",
    {},
    h("h1", {}, "Treatments side by side"),
    h("p", { class: "quiet" }, found.notice, " Cautions and what was tried are those of the index case."),
    h("div", { class: "panel row" }, h("label", { for: "filter" }, "Filter"), input),
    list,
  );
}

function treatmentView(one: Treatment): HTMLElement {
  const tried = one.tried && h("span", { class: "badge running" }, `tried: ${one.response ?? "response not stated"}`);
  const badges = h("span", { class: "row" }, h("span", { class: "badge" }, one.group), tried);
  const because = (facts: string[] | undefined): Child =>
    facts?.length ? h("span", { class: "quiet small" }, ` (record: ${facts.join(", ")})`) : null;
  const cautions = one.cautions.map((item) => h("li", {}, item.text, because(item.because)));
  const guidelines = one.guidelines.map((item) => h("li", {}, item.text));
  return h(
    "section",
    { class: "panel", "aria-label": one.label },
    h("header", {}, h("h2", {}, one.label), badges),
    h("p", {}, one.text),
    one.outcomes.length > 0 && outcomeTable(one),
    cautions.length > 0 && [h("h3", {}, "Cautions"), h("ul", { class: "tight" }, cautions)],
    guidelines.length > 0 && [h("h3", {}, "Guidelines"), h("ul", { class: "tight" }, guidelines)],
  );
}

function outcomeTable(one: Treatment): HTMLElement {
  const stated = (value: number | null): string => (value === null ? "–" : String(value));
  const rows = one.outcomes.map((item) => {
    const certainty = item.certainty === "read" ? "" : ` (${item.certainty})`;
    const source = h("span", { class: "small" }, `${item.citation}${certainty}`);
    return [item.text, stated(item.n), item.population, stated(item.as_of), source];
  });
  return table(`Outcomes of ${one.label}`, ["Reported", "Patients", "Population", "Year", "Source"], rows, true);
}
