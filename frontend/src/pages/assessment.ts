/** What published criteria make of a record: verdicts with the facts behind them. */

import { h, type Child } from "../dom.ts";
import { digits, inWords, printed, spaced } from "../numbers.ts";
import { panel, table, verdict } from "../parts.ts";
import type { Assessment, FactButton, Group, Verdict } from "./assessment_data.ts";
import { sentence } from "./assessment_top.ts";
/** Every section of the assessment. */
export function assessmentSections(
  found: Assessment,
  fact: FactButton,
  words: (name: string) => string,
): HTMLElement[] {
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
    hypoglycemiaPanel(found, fact, words),
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
      printed(one.threshold ?? "–"),
      behind(one, fact),
    ]),
  );
}

/** A value as it was reported, and in the reader's unit. */
function value(one: Verdict): Child {
  const reported = printed(one.reported ?? (one.value !== null ? `${digits(one.value, 4)} ${one.unit ?? ""}` : "–"));
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
    stated?.length > 0 && h("p", { class: "quiet" }, spaced(`Stated by the source: ${stated.join("; ")}.`)),
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

function hypoglycemiaPanel(found: Assessment, fact: FactButton, words: (name: string) => string): HTMLElement {
  const { levels, episodes, free_intervals } = found.hypoglycemia;
  const when = (text: string): string => text.replace(/(?<= |^)[a-z0-9]+(-[a-z0-9]+)+(?= |$)/g, words);
  return panel(
    "hypoglycemia",
    "Hypoglycemia",
    verdicts("Levels of hypoglycemia", levels, fact),
    h("h3", {}, "Episodes, and windows in which there were some"),
    table(
      "Episodes",
      ["When", "Level", "Value", "Facts behind it"],
      episodes.map((one) => [
        when(one.when),
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
          when(one.when),
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
    h(
      "div",
      { class: "wanted" },
      verdicts("Symptoms by treatment", symptomatic, fact),
      h("h3", {}, "Tumor and markers"),
      verdicts("Tumor and markers", tumor as Group, fact),
    ),
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
      care.map(([number, one]) => [`${number} ${one.item}`, one.status, spaced(one.reason)]),
    ),
  );
}
