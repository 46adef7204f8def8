// Draws a zone on the map and writes it as GeoJSON into the form, which is what counts: whoever
// cannot draw writes it there.
import { TerraDraw, TerraDrawLineStringMode, TerraDrawPointMode, TerraDrawPolygonMode, TerraDrawSelectMode } from "terra-draw";
import { TerraDrawMapLibreGLAdapter } from "terra-draw-maplibre-gl-adapter";
import { opened } from "./maps.js";

const HINTS = {
  polygon: "Click corner by corner; click the first corner again to close the outline.",
  point: "Click the middle of the circle; its radius is entered below the map.",
  linestring: "Click along the line; click the last point again to end it.",
  select: "Drag corners to move them.",
};
const KINDS = { Polygon: "polygon", Point: "point", LineString: "linestring" };

function drawing(map, written, modes, hint) {
  const draggable = { feature: { draggable: true, coordinates: { draggable: true, midpoints: true, deletable: true } } };
  const draw = new TerraDraw({
    adapter: new TerraDrawMapLibreGLAdapter({ map }),
    modes: [
      new TerraDrawPolygonMode(), new TerraDrawPointMode(), new TerraDrawLineStringMode(),
      new TerraDrawSelectMode({ flags: { polygon: draggable, point: { feature: { draggable: true } }, linestring: draggable } }),
    ],
  });
  draw.start();

  const set = (mode) => {
    draw.setMode(mode);
    hint.textContent = HINTS[mode];
  };
  const write = () => {
    const [last] = draw.getSnapshot().filter((one) => KINDS[one.geometry.type] === one.properties.mode).slice(-1);
    if (last) written.value = JSON.stringify(last.geometry);
  };
  const read = () => {
    draw.clear();
    let geometry = null;
    try {
      geometry = JSON.parse(written.value);
    } catch {
      return;
    }
    const mode = KINDS[geometry?.type];
    if (!mode || (mode === "polygon" && geometry.coordinates.length > 1)) return; // holes are written, not drawn
    draw.addFeatures([{ type: "Feature", geometry: { type: geometry.type, coordinates: geometry.coordinates }, properties: { mode } }]);
    set("select");
  };
  draw.on("finish", () => {
    write();
    set("select");
  });
  draw.on("change", (_ids, type) => type === "update" && draw.getMode() === "select" && write());
  written.addEventListener("change", read);
  for (const button of modes.querySelectorAll("[data-mode]")) {
    button.addEventListener("click", () => {
      draw.clear();
      set(button.dataset.mode);
    });
  }
  modes.querySelector("[data-clear]").addEventListener("click", () => {
    draw.clear();
    written.value = "";
    set("select");
  });
  modes.hidden = false;
  read();
}

for (const element of document.querySelectorAll("[data-draw]")) {
  opened(element)?.then((map) =>
    drawing(map, document.getElementById("geometry"), document.querySelector("[data-modes]"), document.querySelector("[data-hint]")),
  );
}
