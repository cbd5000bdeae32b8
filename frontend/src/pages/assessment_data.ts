/** The assessment of a record, in the names of `assess --json`. */

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

export type Group = Record<string, Verdict>;

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

export type FactButton = (name: string) => HTMLElement;
