// How things look on a map. Colour never alone: zones differ by hatching and dashes, lines by dashes,
// points by size, outline and rings, and every point says in words what it is.
const kind = (name) => ["==", ["get", "kind"], name];
const zone = (meaning) => ["all", kind("zone"), ["==", ["get", "meaning"], meaning]];
const alerted = (least) => ["all", kind("last"), [">=", ["coalesce", ["get", "alert"], 0], least]];
// As severities are numbered: high and critical have a ring more.
const HIGH = 4;

// A ring of two colours, so that it is seen on any ground.
export function ring(id, source, filter, radius, under, over) {
  return [
    { id: `${id}-under`, type: "circle", source, filter,
      paint: { "circle-radius": radius, "circle-opacity": 0, "circle-stroke-color": under, "circle-stroke-width": 5 } },
    { id, type: "circle", source, filter,
      paint: { "circle-radius": radius + 1, "circle-opacity": 0, "circle-stroke-color": over, "circle-stroke-width": 3 } },
  ];
}

// Slanting lines on nothing, drawn by hand: no picture is fetched.
const SIDE = 16;

function hatch() {
  const data = new Uint8ClampedArray(SIDE * SIDE * 4);
  for (let y = 0; y < SIDE; y += 1) {
    for (let x = 0; x < SIDE; x += 1) {
      if ((x + y) % SIDE < 3) data.set([148, 37, 20, 150], (y * SIDE + x) * 4);
    }
  }
  return { width: SIDE, height: SIDE, data };
}

export const HATCH = hatch();

// How far positions may be off, and the positions: of a trail they have a source of their own.
export const radiusOf = (id, source) => (
  { id, type: "circle", source, filter: ["all", ["any", kind("fix"), kind("last")], [">", ["get", "pixels"], 0]], minzoom: 11,
    paint: {
      "circle-radius": ["interpolate", ["exponential", 2], ["zoom"], 0, ["get", "pixels"], 22, ["*", ["get", "pixels"], 4194304]],
      "circle-color": "#1d70b8", "circle-opacity": 0.08, "circle-stroke-color": "#1d70b8", "circle-stroke-width": 1, "circle-stroke-opacity": 0.35,
    } }
);

export const pointsOf = (id, source) => (
  { id, type: "circle", source, filter: ["any", kind("fix"), kind("stop"), kind("last")],
    paint: {
      "circle-radius": ["match", ["get", "kind"], "stop", 9, "last", 7, 4],
      "circle-color": ["match", ["get", "state"], "unknown", "#ffffff", "alert", "#d4351c", ["coalesce", ["get", "colour"], "#1d70b8"]],
      "circle-stroke-color": ["match", ["get", "state"], "unknown", "#505a5f", "#0b0c0c"],
      "circle-stroke-width": ["match", ["get", "state"], "unknown", 3, 1],
    } }
);

export function layersOf(source) {
  return [
    { id: "zones", type: "fill", source, filter: kind("zone"),
      paint: { "fill-color": ["match", ["get", "meaning"], "exclusion", "#d4351c", "#00703c"], "fill-opacity": 0.15 } },
    { id: "zone-hatch", type: "fill", source, filter: zone("exclusion"), paint: { "fill-pattern": "hatch" } },
    { id: "zone-lines", type: "line", source, filter: zone("exclusion"), paint: { "line-color": "#942514", "line-width": 2 } },
    { id: "zone-dashes", type: "line", source, filter: zone("inclusion"),
      paint: { "line-color": "#005a30", "line-width": 3, "line-dasharray": [3, 2] } },
    { id: "uncertain", type: "fill", source, filter: kind("uncertainty"),
      paint: { "fill-color": "#1d70b8", "fill-opacity": 0.12, "fill-outline-color": "#1d70b8" } },
    { id: "scene", type: "fill", source, filter: kind("scene"),
      paint: { "fill-color": "#4c2c92", "fill-opacity": 0.2, "fill-outline-color": "#4c2c92" } },
    { id: "trail", type: "line", source, filter: kind("trail"),
      layout: { "line-cap": "round", "line-join": "round" },
      paint: { "line-color": ["coalesce", ["get", "colour"], "#1d70b8"], "line-width": 3 } },
    { id: "gaps", type: "line", source, filter: kind("gap"),
      paint: { "line-color": "#505a5f", "line-width": 2, "line-dasharray": [2, 3] } },
    radiusOf("radius", source),
    ...ring("alerts", source, alerted(1), 10, "#ffffff", "#b10e1e"),
    ...ring("alerts-high", source, alerted(HIGH), 15, "#ffffff", "#b10e1e"),
    pointsOf("points", source),
  ];
}
