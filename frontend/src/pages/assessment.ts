/** What published criteria make of a record: verdicts with the facts behind them. */

import { h, type Child } from "../dom.ts";
import { digits, inWords } from "../numbers.ts";
import { panel, table, verdict } from "../parts.ts";

export interface Verdict {
  verdict: string;
  rule: string;
  edition: string;
  value: number | null;
  unit: string | null;
  reported: string | null;
  threshold: string | null;
  facts: string[];
  missing: string[];
  note: string | null;
  citation: string;
  shown?: { value: number; unit: string };
  grade?: string | number | null;
  stage?: string | null;
  t?: string;
  n?: string;
  m?: string;
  response?: string | null;
  candidates?: string[];
  would_decide?: string[];
}

type Group = Record<string, Verdict>;

export interface Assessment {
  criteria: { whipple: Group; endocrine_society_2009: Record<string, unknown>; ratios: Group };
  grade: Record<string, unknown>;
  stage: Group;
  hypoglycemia: {
    max_level: number | null;
    levels: Group;
    free_intervals: { when: string; days: number | null; facts: string[] }[];
    episodes: {
      when: string;
      level: number | null;
      reported: string | null;
      shown?: { value: number; unit: string };
      facts: string[];
    }[];
  };
  response: Record<string, unknown> & { symptomatic: Group };
  toxicity: Group;
  conflicts: {
    id: string;
    about: string;
    rule: string | null;
    decision: string | null;
    readings: { says: string; facts: string[] }[];
  }[];
  missing: {
    fact: string;
    what: string;
    expected_changes: number;
    outcomes: { outcome: string; changes: unknown[] }[];
  }[];
  care: Record<string, { item: string; status: string; reason: string }>;
}

type FactButton = (name: string) => HTMLElement;

const SECTIONS = [
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

function tile(what: string, answer: string, because: string): HTMLElement {
  return h(
    "div",
    { class: "tile" },
    h("div", { class: "what" }, what),
    h("div", { class: "answer" }, answer),
    h("div", { class: "because" }, because),
  );
}

/** Every section of the assessment. */
export function assessmentSections(found: Assessment, fact: FactButton): HTMLElement[] {
  const { overall, pattern, ...society } = found.criteria.endocrine_society_2009;
  const summary = overall as { summary: string; undecided: string[]; excluded_patterns: Record<string, string[]> };
  return [
    panel(
      "criteria",
      "Criteria",
      h("h3", {}, "Whipple's triad"),
      verdicts("Whipple's triad", found.criteria.whipple, fact),
      h("h3", {}, "Endocrine Society 2009"),
      verdicts("Endocrine Society 2009", society as Group, fact),
      h(
        "p",
        {},
        h("strong", {}, `Overall: ${summary.summary}. `),
        (pattern as string[]).length > 0 && `Patterns still open: ${(pattern as string[]).join("; ")}.`,
      ),
      excluded(summary.excluded_patterns),
      h("h3", {}, "Ratios as published"),
      verdicts("Ratios", found.criteria.ratios, fact),
    ),
    gradePanel(found, fact),
    hypoglycemiaPanel(found, fact),
    responsePanel(found, fact),
    conflictPanel(found, fact),
    missingPanel(found),
  ];
}

function excluded(patterns: Record<string, string[]>): HTMLElement | null {
  const entries = Object.entries(patterns);
  return entries.length === 0
    ? null
    : h(
        "details",
        {},
        h("summary", {}, `${entries.length} patterns excluded`),
        h(
          "ul",
          { class: "tight" },
          entries.map(([name, by]) =>
            h("li", {}, `${name}: by ${by.map((item) => inWords(item).toLowerCase()).join(", ")}`),
          ),
        ),
      );
}

function verdicts(caption: string, group: Group, fact: FactButton): HTMLElement {
  return table(
    caption,
    ["Criterion", "Verdict", "Value", "Limit", "Facts behind it"],
    Object.entries(group).map(([name, one]) => [
      inWords(name),
      verdict(one.verdict),
      value(one),
      one.threshold ?? "–",
      behind(one, fact),
    ]),
  );
}

/** A value as it was reported, and in the reader's unit. */
function value(one: Verdict): Child {
  const reported = one.reported ?? (one.value !== null ? `${digits(one.value, 4)} ${one.unit ?? ""}` : "–");
  return one.shown ? `${reported} (${digits(one.shown.value)} ${one.shown.unit})` : reported;
}

function behind(one: Verdict, fact: FactButton): Child {
  return h(
    "div",
    {},
    one.facts.length > 0 &&
      h(
        "ul",
        { class: "plain" },
        one.facts.map((name) => h("li", {}, fact(name))),
      ),
    one.missing.length > 0 && h("div", { class: "quiet" }, `missing: ${one.missing.join(", ")}`),
    h(
      "details",
      { class: "small" },
      h("summary", {}, "Rule"),
      h("p", {}, one.rule),
      h("p", { class: "quiet" }, `${one.edition} [${one.citation}]`),
      one.note && h("p", { class: "note" }, one.note),
    ),
  );
}

function gradePanel(found: Assessment, fact: FactButton): HTMLElement {
  const grades = Object.entries(found.grade).filter(([name]) => name.startsWith("who_")) as [string, Verdict][];
  const would = grades.flatMap(([, one]) => one.would_decide ?? []);
  const stated = found.grade["stated"] as string[];
  return panel(
    "grade",
    "Grade and stage",
    table(
      "Grade under each edition",
      ["Edition", "Verdict", "Grade", "Value", "Facts behind it"],
      grades.map(([name, one]) => [
        inWords(name),
        verdict(one.verdict),
        h("strong", {}, one.candidates?.length ? one.candidates.join(" or ") : String(one.grade ?? "–")),
        value(one),
        behind(one, fact),
      ]),
    ),
    would.length > 0 && h("p", {}, "Would decide: ", [...new Set(would)].join("; "), "."),
    stated?.length > 0 && h("p", { class: "quiet" }, `Stated by the source: ${stated.join("; ")}.`),
    h("h3", {}, "Stage"),
    table(
      "Stage under each system",
      ["System", "Verdict", "Stage", "TNM", "Facts behind it"],
      Object.entries(found.stage).map(([name, one]) => [
        inWords(name),
        verdict(one.verdict),
        h("strong", {}, one.stage ?? "–"),
        [one.t, one.n, one.m].filter(Boolean).join(" ") || "–",
        behind(one, fact),
      ]),
    ),
  );
}

function hypoglycemiaPanel(found: Assessment, fact: FactButton): HTMLElement {
  const { levels, episodes, free_intervals } = found.hypoglycemia;
  return panel(
    "hypoglycemia",
    "Hypoglycemia",
    verdicts("Levels of hypoglycemia", levels, fact),
    h("h3", {}, "Episodes, and windows in which there were some"),
    table(
      "Episodes",
      ["When", "Level", "Value", "Facts behind it"],
      episodes.map((one) => [
        one.when,
        one.level === null ? "–" : `level ${one.level}`,
        one.shown && one.reported
          ? `${one.reported} (${digits(one.shown.value)} ${one.shown.unit})`
          : (one.reported ?? "–"),
        h(
          "ul",
          { class: "plain" },
          one.facts.map((name) => h("li", {}, fact(name))),
        ),
      ]),
    ),
    free_intervals.length > 0 && [
      h("h3", {}, "Free of hypoglycemia"),
      table(
        "Free intervals",
        ["When", "Days", "Facts behind it"],
        free_intervals.map((one) => [
          one.when,
          one.days === null ? "–" : String(one.days),
          h(
            "ul",
            { class: "plain" },
            one.facts.map((name) => h("li", {}, fact(name))),
          ),
        ]),
      ),
    ],
  );
}

function responsePanel(found: Assessment, fact: FactButton): HTMLElement {
  const { symptomatic, euglycemia: _, ...tumor } = found.response;
  return panel(
    "response",
    "Response to treatment",
    verdicts("Symptoms by treatment", symptomatic, fact),
    h("h3", {}, "Tumor and markers"),
    verdicts("Tumor and markers", tumor as Group, fact),
    h("h3", {}, "Toxicity, CTCAE 5.0"),
    verdicts("Toxicity", found.toxicity, fact),
  );
}

function conflictPanel(found: Assessment, fact: FactButton): HTMLElement {
  return panel(
    "conflicts",
    "Conflicts",
    found.conflicts.length === 0
      ? h("p", { class: "quiet" }, "The record holds none.")
      : found.conflicts.map((one) =>
          h(
            "details",
            {},
            h("summary", {}, one.about),
            h(
              "ul",
              { class: "tight" },
              one.readings.map((reading) =>
                h(
                  "li",
                  {},
                  reading.says,
                  " ",
                  h(
                    "span",
                    { class: "small" },
                    "(",
                    reading.facts.map((name, at) => [at > 0 && ", ", fact(name)]),
                    ")",
                  ),
                ),
              ),
            ),
            h(
              "p",
              { class: "note" },
              one.decision ? `Decided for ${one.decision}. ${one.rule ?? ""}` : (one.rule ?? "Nothing decides."),
            ),
          ),
        ),
  );
}

function missingPanel(found: Assessment): HTMLElement {
  const care = Object.entries(found.care).filter(([, one]) => one.status !== "yes");
  return panel(
    "missing",
    "What is missing",
    h("p", {}, "Facts that the record does not hold, with the number of verdicts that would be expected to change."),
    table(
      "Missing facts",
      ["Fact", "Expected changes"],
      found.missing.map((one) => [sentence(one.what), digits(one.expected_changes, 2)]),
    ),
    h("h3", {}, "For a complete case report (CARE)"),
    table(
      "CARE items",
      ["Item", "Status", "Why"],
      care.map(([number, one]) => [`${number} ${one.item}`, one.status, one.reason]),
    ),
  );
}

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
