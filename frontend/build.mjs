// Builds the stylesheets and scripts of the report and of the console: `npm run build`.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { build } from "esbuild";
import { compile } from "sass";

const here = new URL(".", import.meta.url).pathname;
const package_ = `${here}../src/tipstaff`;
const pages = `${package_}/web/static/tipstaff`;
const modules = `${here}node_modules`;

const stylesheets = {
  report: `${package_}/documents/assets/report.css`,
  console: `${pages}/console.css`,
};
mkdirSync(pages, { recursive: true });
for (const [name, target] of Object.entries(stylesheets)) {
  const compiled = compile(`${here}${name}.scss`, {
    style: "compressed",
    loadPaths: [here, modules],
    quietDeps: true,
  });
  // icons that two of the components have for documents and for closing: we show neither
  const css = compiled.css.replace(/background(-image)?:\s*url\((?!["']?data:)[^;}]*;?/g, "");
  if (/url\((?!["']?data:)/.test(css)) {
    throw new Error(`${name}: the stylesheet would fetch something`);
  }
  writeFileSync(target, `${css}\n`);
}

// What the pages load: `console` on all of them, `maps` on those with a map, `zones` where
// one is drawn. The map's worker is a
// file of its own, since the pages' policy allows no script made up as they run.
await build({
  entryPoints: { console: `${here}scripts/console.js`, maps: `${here}scripts/maps.js`, zones: `${here}scripts/zones.js` },
  outdir: pages,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  legalComments: "none",
  logLevel: "warning",
});
copyFileSync(`${modules}/maplibre-gl/dist/maplibre-gl-worker.mjs`, `${pages}/map-worker.mjs`);
const mapStyles = readFileSync(`${modules}/maplibre-gl/dist/maplibre-gl.css`, "utf8");
if (/url\((?!["']?data:)/.test(mapStyles)) {
  throw new Error("maps: the stylesheet would fetch something");
}
writeFileSync(`${pages}/maps.css`, mapStyles);

// The licences of what is in them.
const licences = ["govuk-frontend", "@ministryofjustice/frontend", "htmx.org", "maplibre-gl", "pmtiles",
  "terra-draw", "terra-draw-maplibre-gl-adapter"]
  .map((name) => {
    const { version, license } = JSON.parse(readFileSync(`${modules}/${name}/package.json`, "utf8"));
    return `${name} ${version}: ${license}`;
  });
writeFileSync(`${pages}/licences.txt`, `${licences.join("\n")}\n`);
