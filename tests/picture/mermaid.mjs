// Whether Mermaid takes the flowcharts in a folder: node mermaid.mjs FOLDER, with mermaid and jsdom from npm.
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [folder, modules] = process.argv.slice(2);
const require = createRequire(pathToFileURL(modules + "/"));
const { JSDOM } = require("jsdom");
const dom = new JSDOM("<!doctype html><body></body>");
Object.assign(globalThis, { window: dom.window, document: dom.window.document });
const { default: mermaid } = await import(pathToFileURL(modules + "/node_modules/mermaid/dist/mermaid.core.mjs"));
mermaid.initialize({ maxEdges: 500, maxTextSize: 500000, securityLevel: "strict" });
let count = 0;
for (const name of readdirSync(folder).filter(one => one.endsWith(".mmd"))) {
  try {
    await mermaid.parse(readFileSync(`${folder}/${name}`, "utf8"));
    count += 1;
  } catch (error) {
    console.log(`${name}: ${String(error).slice(0, 300)}`);
    process.exitCode = 1;
  }
}
console.log(`${count} flowcharts`);
