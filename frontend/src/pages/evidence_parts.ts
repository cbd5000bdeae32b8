/** Statements, answers and conflicts of the evidence base. */

import { h, type Child } from "../dom.ts";
import { panel, table } from "../parts.ts";

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

export function answerView(found: Answer): HTMLElement {
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

export function claimView(claim: Claim): HTMLElement {
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
