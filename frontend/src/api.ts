/** Requests to the API of the server that sent this page. */

export interface Fault {
  file: string;
  line: number;
  path: string;
  kind: string;
  problem: string;
  expected: string;
  remedy: string;
}

/** A refusal of the server, with every fault of the input. */
export class Refusal extends Error {
  readonly status: number;
  readonly kind: string;
  readonly faults: Fault[];
  constructor(status: number, kind: string, message: string, faults: Fault[]) {
    super(message);
    this.status = status;
    this.kind = kind;
    this.faults = faults;
  }
}

const ROOT = "/api/v1";
const WRITE = { "x-insulinoma": "1" };

/** The answer to a GET, as JSON. */
export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await answered(fetch(ROOT + path, signal ? { signal } : {}))).json() as Promise<T>;
}

/** The answer to a POST of JSON. */
export async function post<T>(path: string, body: unknown = {}, signal?: AbortSignal): Promise<T> {
  const headers = { ...WRITE, "content-type": "application/json" };
  const options: RequestInit = { method: "POST", headers, body: JSON.stringify(body) };
  if (signal) options.signal = signal;
  return (await answered(fetch(ROOT + path, options))).json() as Promise<T>;
}

/** The answer to a POST of JSON, as bytes. */
export async function postForBytes(path: string, body: unknown, signal?: AbortSignal): Promise<ArrayBuffer> {
  const headers = { ...WRITE, "content-type": "application/json" };
  const options: RequestInit = { method: "POST", headers, body: JSON.stringify(body) };
  if (signal) options.signal = signal;
  return (await answered(fetch(ROOT + path, options))).arrayBuffer();
}

/** Uploads files. */
export async function upload<T>(path: string, files: readonly File[]): Promise<T> {
  const form = new FormData();
  for (const file of files) form.append("files", file);
  return (await answered(fetch(ROOT + path, { method: "POST", headers: WRITE, body: form }))).json() as Promise<T>;
}

/** Removes what is at a path. */
export async function remove(path: string): Promise<void> {
  await answered(fetch(ROOT + path, { method: "DELETE", headers: WRITE }));
}

/** The address of a file, for a link. */
export function address(path: string): string {
  return ROOT + path;
}

async function answered(request: Promise<Response>): Promise<Response> {
  let answer: Response;
  try {
    answer = await request;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Refusal(0, "unreachable", "The server does not answer. Is `insulinoma app` still running?", []);
  }
  if (answer.ok) return answer;
  throw await refusal(answer);
}

async function refusal(answer: Response): Promise<Refusal> {
  try {
    const told = (await answer.json()) as { kind: string; message: string; faults: Fault[] };
    return new Refusal(answer.status, told.kind, told.message, told.faults);
  } catch {
    return new Refusal(answer.status, "unknown", "The server refused the request.", []);
  }
}
