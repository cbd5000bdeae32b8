/** Records to open: those that ship, those that were uploaded, and the upload of another. */

import { get, remove, upload } from "../api.ts";
import { fill, h, type Child } from "../dom.ts";
import type { Page } from "../main.ts";
import { failure, panel, table } from "../parts.ts";
import { addressOf } from "../router.ts";

interface RecordItem {
  id: string;
  title: string;
  file: string;
  shipped: boolean;
  added: number | null;
}

interface Added {
  id: string;
  check: {
    file: string;
    not_read?: { place: string; what: string; why: string }[];
    record: { id: string; facts: Record<string, number> };
  };
}

/** Opens the list of records. */
export async function openRecords(): Promise<Page> {
  const list = h("div");
  const show = async (): Promise<void> => {
    const { records } = await get<{ records: RecordItem[] }>("/records");
    fill(
      list,
      table(
        "Records",
        ["Record", "File", "Added", ""],
        records.map((one) => rowOf(one, show)),
      ),
    );
  };
  await show();
  const write = h("a", { class: "button", href: addressOf("write") }, "Write a record");
  const head = h("div", { class: "head" }, h("h1", {}, "Records"), write);
  const element = h("div", {}, head, panel("upload", "Upload", uploader(show)), panel("records", "Open", list));
  return { title: "Records", element };
}

function rowOf(one: RecordItem, show: () => Promise<void>): Child[] {
  const link = h("a", { href: addressOf("case", [one.id]) }, one.title);
  if (one.shipped) return [link, one.file, "ships with the program", ""];
  const drop = async (): Promise<void> => {
    if (!confirm("Remove this record from the workspace?")) return;
    await remove(`/records/${one.id}`);
    await show();
  };
  const button = { type: "button", "aria-label": `Remove ${one.title}`, onclick: () => void drop() };
  const added = one.added === null ? "" : new Date(one.added * 1000).toLocaleString();
  return [link, one.file, added, h("button", button, "Remove")];
}

function uploader(added: () => Promise<void>): HTMLElement {
  const told = h("div", { "aria-live": "polite" });
  const send = async (files: readonly File[]): Promise<void> => {
    if (files.length === 0) return;
    fill(told, h("p", { class: "quiet" }, `Reading ${files.map((file) => file.name).join(", ")} …`));
    try {
      fill(told, accepted(await upload<Added>("/records", files)));
      await added();
    } catch (error) {
      fill(told, failure(error));
    }
  };
  return h(
    "div",
    {},
    dropPlace((files) => void send(files)),
    told,
  );
}

/** Where files are chosen or dropped. */
function dropPlace(given: (files: File[]) => void): HTMLElement {
  const onchange = (): void => {
    given([...(input.files ?? [])]);
    input.value = "";
  };
  const input = h("input", {
    type: "file",
    id: "file",
    multiple: true,
    accept: ".yaml,.yml,.json,.csv,.zip",
    onchange,
  });
  const about =
    "YAML, FHIR R4 bundle, Phenopacket v2, or the CSV tables of a record (all of them, or as zip). At most 4 MiB. It stays on this machine.";
  const label = h("label", { for: "file" }, "Choose a file, or drop it here");
  const place = h("div", { class: "drop" }, label, input, h("p", { class: "small" }, about));
  const over = (on: boolean, event: Event): void => {
    event.preventDefault();
    place.classList.toggle("over", on);
  };
  place.addEventListener("dragover", (event) => over(true, event));
  place.addEventListener("dragleave", (event) => over(false, event));
  place.addEventListener("drop", (event) => {
    over(false, event);
    given([...(event.dataTransfer?.files ?? [])]);
  });
  return place;
}

function accepted(found: Added): HTMLElement {
  const counts = Object.entries(found.check.record.facts)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${count} ${name}`);
  const unread = found.check.not_read ?? [];
  return h(
    "div",
    {},
    h(
      "p",
      {},
      h("strong", {}, `${found.check.file} is valid. `),
      `${counts.join(", ")}. `,
      h("a", { href: addressOf("case", [found.id]) }, "Open it"),
    ),
    unread.length > 0 &&
      h(
        "details",
        {},
        h("summary", {}, `${unread.length} parts of the file were not read`),
        h(
          "ul",
          { class: "tight small" },
          unread.map((part) => h("li", {}, `${part.place}: ${part.what} (${part.why})`)),
        ),
      ),
  );
}
