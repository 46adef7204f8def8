// Builds src/tipstaff/documents/assets/report.css from report.scss: `npm run build`.
import { writeFileSync } from "node:fs";
import { compile } from "sass";

const here = new URL(".", import.meta.url).pathname;
const built = compile(`${here}report.scss`, {
  style: "compressed",
  loadPaths: [`${here}node_modules`],
  quietDeps: true,
});
if (/url\((?!["']?data:)/.test(built.css)) {
  throw new Error("the stylesheet would fetch something: a report must stand alone");
}
writeFileSync(`${here}../src/tipstaff/documents/assets/report.css`, `${built.css}\n`);
