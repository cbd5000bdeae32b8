/** Treatments of the twin: what can be given or done, in which unit and range. */

import { digits } from "../numbers.ts";

export interface Kind {
  id: string;
  label: string;
  give: string;
  unit: string;
  low: number;
  high: number;
  step: number;
  usual: number;
  /** A bar lasts from a day to a day; a point is done at one moment. */
  bar: boolean;
  /** Doses a day; an infusion has none. */
  doses?: number;
  color: string;
}

/** A treatment: days count from the first midnight that is shown. */
export interface Item {
  kind: string;
  start: number;
  stop: number;
  amount: number;
}

export interface Habits {
  subject: string;
  weight_kg: number;
  carbohydrate_g_per_kg: number;
  meals: [number, number][];
  dextrose_mg_per_kg_min: number;
  orders: Record<string, string>;
}

export const DEXTROSE = "#E69F00",
  OPENER = "#56B4E9",
  ANALOG = "#0072B2",
  OTHER = "#D55E00",
  SLOW = "#009E73",
  DONE = "#CC79A7";

export const part = { unit: "of the site", low: 0, high: 1, step: 0.05, usual: 1, bar: false, color: DONE };

export const KINDS: readonly Kind[] = [
  {
    id: "meals",
    label: "Meals",
    give: "absorption.meal",
    unit: "g/kg a day",
    low: 0,
    high: 8,
    step: 0.1,
    usual: 3.6,
    bar: true,
    doses: 5,
    color: DEXTROSE,
  },
  {
    id: "dextrose",
    label: "Dextrose i.v.",
    give: "dextrose.dextrose",
    unit: "mg/kg/min",
    low: 0,
    high: 15,
    step: 0.1,
    usual: 3,
    bar: true,
    color: DEXTROSE,
  },
  {
    id: "nutrition",
    label: "Parenteral nutrition",
    give: "dextrose.parenteral_nutrition",
    unit: "g/d",
    low: 0,
    high: 600,
    step: 5,
    usual: 240,
    bar: true,
    color: DEXTROSE,
  },
  {
    id: "rescue",
    label: "Rescue glucose",
    give: "absorption.drink",
    unit: "g a dose",
    low: 0,
    high: 60,
    step: 5,
    usual: 20,
    bar: true,
    doses: 2,
    color: DEXTROSE,
  },
  {
    id: "diazoxide",
    label: "Diazoxide",
    give: "diazoxide.diazoxide",
    unit: "mg/d",
    low: 0,
    high: 1200,
    step: 15,
    usual: 300,
    bar: true,
    doses: 3,
    color: OPENER,
  },
  {
    id: "octreotide",
    label: "Octreotide s.c. drip",
    give: "octreotide.octreotide_sc_drip",
    unit: "ug/h",
    low: 0,
    high: 100,
    step: 1,
    usual: 20,
    bar: true,
    color: ANALOG,
  },
  {
    id: "glucagon",
    label: "Glucagon drip",
    give: "glucagon.glucagon_drip",
    unit: "mg/h",
    low: 0,
    high: 0.5,
    step: 0.01,
    usual: 0.1,
    bar: true,
    color: OTHER,
  },
  {
    id: "prednisolone",
    label: "Prednisolone",
    give: "glucocorticoid.prednisolone",
    unit: "mg/d",
    low: 0,
    high: 100,
    step: 5,
    usual: 40,
    bar: true,
    doses: 1,
    color: OTHER,
  },
  {
    id: "everolimus",
    label: "Everolimus",
    give: "everolimus.everolimus",
    unit: "mg/d",
    low: 0,
    high: 10,
    step: 0.5,
    usual: 10,
    bar: true,
    doses: 1,
    color: SLOW,
  },
  { ...part, id: "embolize_right", label: "Embolization, right lobe", give: "right_lobe.embolize" },
  { ...part, id: "embolize_left", label: "Embolization, left lobe", give: "left_lobe.embolize" },
  { ...part, id: "ablate_right", label: "Ablation, right lobe", give: "right_lobe.ablate" },
  { ...part, id: "ablate_primary", label: "Ablation, primary", give: "primary.ablate" },
  { ...part, id: "resect_primary", label: "Resection, primary", give: "primary.resect" },
  {
    ...part,
    id: "etoposide_cisplatin",
    label: "Etoposide + cisplatin",
    give: "etoposide_cisplatin.etoposide_cisplatin",
    unit: "of the full dose",
    color: SLOW,
  },
];

export const BY_ID = new Map(KINDS.map((kind) => [kind.id, kind]));

/** The kind of an item. */
export function kindOf(item: Item): Kind {
  const found = BY_ID.get(item.kind);
  if (!found) throw new Error(`There is no treatment ${item.kind}.`);
  return found;
}

/** Where a model takes what a kind gives; a drug may stand in another part of the model of a record. */
export function placeOf(kind: Kind, habits: Habits): string | undefined {
  if (kind.give in habits.orders) return kind.give;
  const name = kind.give.slice(kind.give.indexOf("."));
  return kind.bar ? Object.keys(habits.orders).find((place) => place.endsWith(name)) : undefined;
}

/** An amount of a kind in words; a part of a whole in percent. */
export function amountOf(kind: Kind, amount: number): string {
  return kind.unit.startsWith("of the") ? `${digits(100 * amount)} % ${kind.unit}` : `${digits(amount)} ${kind.unit}`;
}

/** The kinds that can be given or done to a subject. */
export function kindsFor(habits: Habits): Kind[] {
  return KINDS.filter((kind) => placeOf(kind, habits) !== undefined);
}
