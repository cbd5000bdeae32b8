/** Series as the server sends them: a header in JSON, then float32 values. */

export interface Ending {
  ended_by: string;
  time_minutes: number;
  rule?: string;
}

export interface Series {
  units: Record<string, string>;
  events: Ending[];
  failures: number;
  patients: number;
  /** Whose draws they are, where it is the twin of a record. */
  of?: "posterior" | "prior";
  columns: Map<string, Float32Array>;
}

interface Header {
  units: Record<string, string>;
  events: Ending[];
  failures: number;
  patients: number;
  of?: "posterior" | "prior";
  columns: { name: string; length: number }[];
}

/** Reads the bytes of a run. */
export function readSeries(bytes: ArrayBuffer): Series {
  const length = new DataView(bytes).getUint32(0, true);
  const { columns: listed, ...header } = JSON.parse(
    new TextDecoder().decode(new Uint8Array(bytes, 4, length)),
  ) as Header;
  const columns = new Map<string, Float32Array>();
  let at = 4 + length;
  for (const { name, length: count } of listed) {
    columns.set(name, new Float32Array(bytes, at, count));
    at += 4 * count;
  }
  return { ...header, columns };
}

/** A column as points of a chart; x in another unit of time, y in another unit of the quantity. */
export function points(series: Series, name: string, minutesPerX: number, factor = 1): [number, number][] {
  const time = series.columns.get("time"),
    values = series.columns.get(name);
  if (!time || !values) return [];
  return Array.from(time, (minutes, at): [number, number] => [
    minutes / minutesPerX,
    (values[at] ?? Number.NaN) * factor,
  ]);
}
