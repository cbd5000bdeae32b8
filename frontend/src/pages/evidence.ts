/** The evidence: questions, treatments side by side, conflicts, and whether insulinomas are malignant. */

import { get, post } from "../api.ts";
import { fill, h, type Child } from "../dom.ts";
import type { Page } from "../main.ts";
import { failure, panel, table } from "../parts.ts";
import { addressOf, type Route } from "../router.ts";
import { malignantPage } from "./malignant.ts";

export interface Claim {
  id: string;
  kind: string;
  text: string;
  status: string;
  corrections: { id: string; text: string }[];
  citation: string;
  certainty: string;
  n: number | null;
  population: string | null;
  definition: string | null;
  as_of: number | null;
  place: string;
}

export interface Side {
  position: string;
  definition: string | null;
  n: number | null;
  as_of: number | null;
  evidence: { id: string; text: string; citation: string }[];
}

export interface Conflict {
  id: string;
  question: string;
  sides: Side[];
  explanation: string;
  decides: string | null;
}

export interface Answer {
  question: string;
  answer: string;
  claims: Claim[];
  conflicts: Conflict[];
  sources: string[];
  notice: string;
}

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
  const ask = async (question: string): Promise<void> => {
    try {
      fill(place, answerView(await post<Answer>("/evidence/ask", { question })));
    } catch (error) {
      fill(place, failure(error));
    }
  };
  const form = h(
    "form",
    {
      class: "row",
      onsubmit: (event) => {
        event.preventDefault();
        if (input.value.trim()) void ask(input.value);
      },
    },
    input,
    h("button", { class: "main" }, "Ask"),
  );
  input.style.flex = "1 1 16rem";
  const known = QUESTIONS[first];
  if (known) {
    input.value = known;
    await ask(known);
  }
  return h(
    "div",
    {},
    h("h1", {}, "What the literature says"),
    h(
      "p",
      { class: "quiet" },
      "Published statements with their sources and conflicts; never a recommendation. A question stays on this machine and is not kept.",
    ),
    h(
      "div",
      { class: "panel" },
      h("label", { for: "question" }, "A question in plain words"),
      form,
      h(
        "p",
        { class: "small quiet" },
        "Such as: ",
        Object.entries(QUESTIONS).map(([name, words], at) => [
          at > 0 && " · ",
          h("a", { href: addressOf("evidence", [], { question: name }) }, words),
        ]),
      ),
    ),
    place,
  );
}

function answerView(found: Answer): HTMLElement {
  if (found.claims.length === 0)
    return h("div", { class: "panel" }, h("h2", {}, "Not in the evidence base"), h("p", {}, found.answer));
  return h(
    "div",
    {},
    panel("claims", "What is stated", h("ul", { class: "plain" }, found.claims.map(claimView))),
    found.conflicts.length > 0 && panel("disagree", "Where the sources disagree", found.conflicts.map(conflictView)),
    h("p", { class: "note" }, found.notice),
  );
}

function claimView(claim: Claim): HTMLElement {
  const about = [
    claim.n !== null && `n = ${claim.n}`,
    claim.population,
    claim.definition && `definition: ${claim.definition}`,
    claim.certainty !== "read" && `certainty: ${claim.certainty}`,
  ]
    .filter(Boolean)
    .join("; ");
  return h(
    "li",
    { class: "claim" },
    h(
      "p",
      {},
      claim.text,
      " ",
      claim.status !== "stands" && h("span", { class: "badge failed" }, claim.status),
      h("br"),
      h("span", { class: "quiet small" }, `${claim.citation} [${claim.id}]${about ? `; ${about}` : ""}`),
    ),
    claim.corrections.length > 0 &&
      h(
        "details",
        { class: "small" },
        h("summary", {}, "Corrected"),
        claim.corrections.map((one) => h("p", { class: "note" }, one.text)),
      ),
  );
}

/** A conflict with both its sides. */
export function conflictView(conflict: Conflict): HTMLElement {
  const evidence = (side: Side): Child =>
    h(
      "details",
      { class: "small" },
      h("summary", {}, `${side.evidence.length} ${side.evidence.length === 1 ? "statement" : "statements"}`),
      h(
        "ul",
        { class: "tight" },
        side.evidence.map((one) =>
          h("li", {}, one.text, " ", h("span", { class: "quiet" }, `${one.citation} [${one.id}]`)),
        ),
      ),
    );
  return h(
    "section",
    { "aria-label": conflict.question },
    h("h3", {}, conflict.question),
    table(
      conflict.question,
      ["Position", "Definition", "Patients", "Year", "Statements"],
      conflict.sides.map((side) => [
        side.position,
        side.definition ?? "none given",
        side.n === null ? "not stated" : String(side.n),
        side.as_of === null ? "–" : String(side.as_of),
        evidence(side),
      ]),
    ),
    h(
      "p",
      { class: "note" },
      conflict.explanation,
      " ",
      h("strong", {}, "What decides: "),
      conflict.decides ?? "nothing",
      ".",
    ),
  );
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
  return h(
    "section",
    { class: "panel", "aria-label": one.label },
    h(
      "header",
      {},
      h("h2", {}, one.label),
      h(
        "span",
        { class: "row" },
        h("span", { class: "badge" }, one.group),
        one.tried && h("span", { class: "badge running" }, `tried: ${one.response ?? "response not stated"}`),
      ),
    ),
    h("p", {}, one.text),
    one.outcomes.length > 0 &&
      table(
        `Outcomes of ${one.label}`,
        ["Reported", "Patients", "Population", "Year", "Source"],
        one.outcomes.map((item) => [
          item.text,
          item.n === null ? "–" : String(item.n),
          item.population,
          item.as_of === null ? "–" : String(item.as_of),
          h("span", { class: "small" }, `${item.citation}${item.certainty === "read" ? "" : ` (${item.certainty})`}`),
        ]),
        true,
      ),
    one.cautions.length > 0 && [
      h("h3", {}, "Cautions"),
      h(
        "ul",
        { class: "tight" },
        one.cautions.map((item) =>
          h(
            "li",
            {},
            item.text,
            item.because?.length ? h("span", { class: "quiet small" }, ` (record: ${item.because.join(", ")})`) : null,
          ),
        ),
      ),
    ],
    one.guidelines.length > 0 && [
      h("h3", {}, "Guidelines"),
      h(
        "ul",
        { class: "tight" },
        one.guidelines.map((item) => h("li", {}, item.text)),
      ),
    ],
  );
}
