/** Courses of many days, of which each has a lowest and a highest value. */

const MONTH = 28 * 1440;

/** Whether so many days are shown that the hours of each cannot be told apart. */
export function isLong(view: { end: number; minutesPerX: number }): boolean {
  return view.end > MONTH && view.minutesPerX === 1440;
}

/** Whether a quantity goes up and down within a day. */
export function swings(quantity: { name: string }): boolean {
  return quantity.name !== "tumor_volume";
}

/** The lowest or the highest of the points of each day, in the middle of the day; x in days. */
export function extremes(
  points: readonly (readonly [number, number])[],
  pick: (one: number, other: number) => number,
): [number, number][] {
  const last = Math.max(0, Math.ceil(points.at(-1)?.[0] ?? 0) - 1);
  const found = new Map<number, number>();
  for (const [x, y] of points) {
    const day = Math.min(Math.floor(x), last),
      before = found.get(day);
    found.set(day, before === undefined ? y : pick(before, y));
  }
  return [...found].map(([day, y]) => [day + 0.5, y]);
}
