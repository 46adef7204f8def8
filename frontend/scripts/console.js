// What every page loads: the design system's own scripts, htmx, live updates and keys. Pages work
// without any of it.
import { Button, Checkboxes, ErrorSummary, FileUpload, Radios, ServiceNavigation, Tabs } from "govuk-frontend";
import "htmx.org/dist/htmx.esm.js";
import "./countdown.js";
import "./keys.js";
import "./live.js";
import "./upload.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");

const components = { Button, Checkboxes, ErrorSummary, FileUpload, Radios, ServiceNavigation, Tabs };

function start(within) {
  for (const Component of Object.values(components)) {
    const found = within.querySelectorAll(`[data-module="${Component.moduleName}"]`);
    for (const element of found) {
      if (!element.hasAttribute(`data-${Component.moduleName}-init`)) {
        new Component(element);
      }
    }
  }
}

start(document);
document.addEventListener("htmx:after:swap", () => start(document));
