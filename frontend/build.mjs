// Builds the stylesheets of the report and of the console: `npm run build`.
import { writeFileSync } from "node:fs";
import { compile } from "sass";

const here = new URL(".", import.meta.url).pathname;
const built = {
  report: "documents/assets/report.css",
  console: "web/static/tipstaff/console.css",
};
for (const [name, target] of Object.entries(built)) {
  const { css } = compile(`${here}${name}.scss`, {
    style: "compressed",
    loadPaths: [here, `${here}node_modules`],
    quietDeps: true,
  });
  if (/url\((?!["']?data:)/.test(css)) {
    throw new Error(`${name}: the stylesheet would fetch something`);
  }
  writeFileSync(`${here}../src/tipstaff/${target}`, `${css}\n`);
}
