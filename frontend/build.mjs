// Builds the pages into the package: node build.mjs [folder]
import { build } from "esbuild";
import { cp, mkdir, rm } from "node:fs/promises";

const target = process.argv[2] ?? "../src/insulinoma/app/static";
await rm(target, { recursive: true, force: true });
await mkdir(target, { recursive: true });
await build({
  entryPoints: { main: "src/main.ts", style: "src/style/style.css" },
  bundle: true,
  preserveSymlinks: true,
  minify: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  outdir: target,
  chunkNames: "chunk-[hash]",
});
for (const file of ["index.html", "icon.svg"]) await cp(`public/${file}`, `${target}/${file}`);
