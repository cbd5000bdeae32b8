/** The assessment at a glance, and the way to its sections. */

import { h } from "../dom.ts";
import { inWords } from "../numbers.ts";
import type { Assessment, Verdict } from "./assessment_data.ts";

export const SECTIONS = [
  ["course", "Course"],
  ["criteria", "Criteria"],
  ["grade", "Grade and stage"],
  ["hypoglycemia", "Hypoglycemia"],
  ["response", "Response"],
  ["conflicts", "Conflicts"],
  ["missing", "What is missing"],
  ["report", "Report"],
] as const;

/** Links to the sections of the page. */
export function sectionLinks(): HTMLElement {
  return h(
    "nav",
    { "aria-label": "Sections" },
    h(
      "ul",
      { class: "subnav" },
      SECTIONS.map(([id, words]) =>
        h(
          "li",
          {},
          h(
            "button",
            { type: "button", class: "fact", onclick: () => document.getElementById(id)?.scrollIntoView() },
            words,
          ),
        ),
      ),
    ),
  );
}

/** The answers at a glance. */
export function tiles(found: Assessment): HTMLElement {
  const society = found.criteria.endocrine_society_2009["overall"] as { summary: string };
  const pattern = found.criteria.endocrine_society_2009["pattern"] as string[];
  const whipple = found.criteria.whipple["overall"],
    who = found.grade["who_2022"] as Verdict,
    stage = found.stage["ajcc_8"];
  const level = found.hypoglycemia.max_level;
  return h(
    "div",
    { class: "tiles" },
    tile(
      "Whipple's triad",
      whipple ? inWords(whipple.verdict) : "–",
      whipple?.missing[0] ? `missing: ${whipple.missing[0]}` : "",
    ),
    tile("Endocrine Society 2009", sentence(society.summary), pattern.length ? `open: ${pattern.join("; ")}` : ""),
    tile(
      "Hypoglycemia",
      level === null ? "None recorded" : `Level ${level}`,
      `${found.hypoglycemia.episodes.length} episodes or windows`,
    ),
    tile(
      "Grade, WHO 2022",
      sentence(String(who.grade ?? inWords(who.verdict))),
      who.candidates?.length ? who.candidates.join(" or ") : (who.reported ?? ""),
    ),
    tile(
      "Stage, AJCC 8",
      stage?.stage ?? inWords(stage?.verdict ?? "not_measured"),
      [stage?.t, stage?.n, stage?.m].filter(Boolean).join(" "),
    ),
  );
}

export function tile(what: string, answer: string, because: string): HTMLElement {
  return h(
    "div",
    { class: "tile" },
    h("div", { class: "what" }, what),
    h("div", { class: "answer" }, answer),
    h("div", { class: "because" }, because),
  );
}

export function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
