/** Ticks and labels that stand clear of each other. */

export interface Candidate {
  at: number;
  label: string;
  weight: number;
}

/** The candidates that fit, the weightiest first, in the order of the axis. */
export function chooseTicks(candidates: readonly Candidate[], pixel: (at: number) => number, gap: number): Candidate[] {
  const taken: Candidate[] = [];
  const half = (label: string): number => label.length * 3.6;
  for (const one of [...candidates].sort((a, b) => b.weight - a.weight || a.at - b.at)) {
    const clear = taken.every(
      (other) =>
        other.at !== one.at && Math.abs(pixel(other.at) - pixel(one.at)) >= half(other.label) + half(one.label) + gap,
    );
    if (clear) taken.push(one);
  }
  return taken.sort((a, b) => a.at - b.at);
}

/** Round numbers from low to high, at most so many. */
export function roundValues(low: number, high: number, most: number): number[] {
  if (!(high > low)) return [];
  const raw = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((base) => base * power).find((size) => (high - low) / size <= most) ?? 10 * power;
  const found: number[] = [];
  for (let index = Math.ceil(low / step - 1e-9); index * step <= high + 1e-9; index += 1) {
    found.push(Number((index * step).toPrecision(12)));
  }
  return found;
}

export interface Labeled {
  x0: number;
  x1: number;
  width: number;
}

export type Side = "right" | "left" | null;

/** On which side of each mark of a lane its label fits: right, else left, else nowhere. Marks run from left to right. */
export function placeLabels(marks: readonly Labeled[], low: number, high: number, gap = 5): Side[] {
  let taken = low;
  return marks.map((mark, index) => {
    const next = marks[index + 1];
    const room = (next ? next.x0 - gap : high) - mark.x1;
    const before = taken;
    taken = mark.x1;
    if (mark.width === 0) return null;
    if (mark.width + gap <= room) {
      taken = mark.x1 + gap + mark.width;
      return "right";
    }
    return mark.x0 - gap - mark.width >= before ? "left" : null;
  });
}
