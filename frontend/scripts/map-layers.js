// How things look on a map. Colour never alone: lines differ by dashes, points by size and outline,
// and every point says in words what it is.
const kind = (name) => ["==", ["get", "kind"], name];

export function layersOf(source) {
  return [
    { id: "zones", type: "fill", source, filter: kind("zone"),
      paint: { "fill-color": ["match", ["get", "meaning"], "exclusion", "#d4351c", "#00703c"], "fill-opacity": 0.15 } },
    { id: "zone-lines", type: "line", source, filter: kind("zone"),
      paint: { "line-color": ["match", ["get", "meaning"], "exclusion", "#942514", "#005a30"], "line-width": 2 } },
    { id: "uncertain", type: "fill", source, filter: kind("uncertainty"),
      paint: { "fill-color": "#1d70b8", "fill-opacity": 0.12, "fill-outline-color": "#1d70b8" } },
    { id: "scene", type: "fill", source, filter: kind("scene"),
      paint: { "fill-color": "#4c2c92", "fill-opacity": 0.2, "fill-outline-color": "#4c2c92" } },
    { id: "trail", type: "line", source, filter: kind("trail"),
      layout: { "line-cap": "round", "line-join": "round" },
      paint: { "line-color": ["coalesce", ["get", "colour"], "#1d70b8"], "line-width": 3 } },
    { id: "gaps", type: "line", source, filter: kind("gap"),
      paint: { "line-color": "#505a5f", "line-width": 2, "line-dasharray": [2, 3] } },
    { id: "radius", type: "circle", source, filter: ["all", ["any", kind("fix"), kind("last")], [">", ["get", "pixels"], 0]], minzoom: 11,
      paint: {
        "circle-radius": ["interpolate", ["exponential", 2], ["zoom"], 0, ["get", "pixels"], 22, ["*", ["get", "pixels"], 4194304]],
        "circle-color": "#1d70b8", "circle-opacity": 0.08, "circle-stroke-color": "#1d70b8", "circle-stroke-width": 1, "circle-stroke-opacity": 0.35,
      } },
    { id: "points", type: "circle", source, filter: ["any", kind("fix"), kind("stop"), kind("last")],
      paint: {
        "circle-radius": ["match", ["get", "kind"], "stop", 9, "last", 7, 4],
        "circle-color": ["match", ["get", "state"], "unknown", "#ffffff", "alert", "#d4351c", ["coalesce", ["get", "colour"], "#1d70b8"]],
        "circle-stroke-color": ["match", ["get", "state"], "unknown", "#505a5f", "#0b0c0c"],
        "circle-stroke-width": ["match", ["get", "state"], "unknown", 3, 1],
      } },
  ];
}
