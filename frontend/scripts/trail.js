// A trail in columns (see web/trail_shape.py) on a map: lines and gaps whole, positions as far as
// they are in view and apart. A month has 43,000: what nobody could see is not drawn.
import { pointsOf, radiusOf } from "./map-layers.js";

const METRES_A_PIXEL = 78271.5; // at the equator and zoom 0, of tiles of 512 pixels
const WORLD_PIXELS = 512;
const FOUND_BY = { 1: "satellites", 4: "radio", 5: "the mobile network", 6: "Wi-Fi" };
// Of positions within so many pixels one is drawn: that which is said to be off by most, so that no
// circle is hidden. From this zoom on all are.
const CELL_PIXELS = 4;
const ALL_FROM = 17;
// A map draws no more corners of one line than 16 bits count, and a round joint has several.
const MOST_A_LINE = 2000;
// As much again as is in view is drawn on each side, so that a little way is seen at once.
const AROUND = 0.5;

const clock = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Europe/London", weekday: "short", day: "numeric", month: "short",
  hour: "2-digit", minute: "2-digit", timeZoneName: "short",
});

const collection = (features) => ({ type: "FeatureCollection", features });

// What a position says: when, how exactly, found by what. Made when it is asked for, if it is not there.
export function wordsOf({ words, at, radius, by }) {
  if (words) return words;
  const off = radius === null || radius === undefined ? "nobody said how exactly" : `within ${radius} m`;
  return `${clock.format(at * 1000)}, ${off}${FOUND_BY[by] ? `, found by ${FOUND_BY[by]}` : ""}`;
}

// The answer of the server as a trail: its times, each position by its number, what is drawn whole.
export function trailOf(columns) {
  const { at, lat, lon, radius, mechanism } = columns;
  const place = (n) => [lon[n], lat[n]];
  const pixels = pixelsOf(columns);

  // its position, with all that a layer or a popup asks of it
  const fix = (n) => ({
    type: "Feature",
    geometry: { type: "Point", coordinates: place(n) },
    properties: {
      kind: "fix", at: at[n], radius: radius[n], by: mechanism[n],
      // the circle's radius in pixels at zoom 0: it doubles with each zoom
      pixels: (radius[n] ?? 0) / (METRES_A_PIXEL * Math.cos((lat[n] * Math.PI) / 180)),
    },
  });

  // Those of a view, given by its corners, that are apart at its zoom.
  function fixesIn([[west, south], [east, north]], zoom) {
    const [wide, high] = [AROUND * (east - west), AROUND * (north - south)];
    const cells = 2 ** (Math.floor(zoom) + 1) / CELL_PIXELS, across = Math.ceil(WORLD_PIXELS * cells);
    const shown = new Map();
    for (let n = 0; n < at.length; n++) {
      if (lon[n] < west - wide || lon[n] > east + wide || lat[n] < south - high || lat[n] > north + high) continue;
      const cell = zoom >= ALL_FROM ? n : Math.floor(pixels.x[n] * cells) * across + Math.floor(pixels.y[n] * cells);
      const other = shown.get(cell);
      if (other === undefined || (radius[n] ?? 0) > (radius[other] ?? 0)) shown.set(cell, n);
    }
    return collection([...shown.values()].map(fix));
  }

  return { times: at, fix, fixesIn, lines: collection([...(columns.zones ?? []), ...linesOf(columns), ...(columns.stops ?? [])]) };
}

// Positions among features, to be played back like a trail; null where there is none.
export function playedOf(features) {
  const fixes = features
    .filter((one) => one.properties.kind === "fix" && one.properties.at !== undefined)
    .sort((a, b) => a.properties.at - b.properties.at);
  if (!fixes.length) return null;
  return { times: fixes.map((one) => one.properties.at), fix: (n) => ({ ...fixes[n], properties: { ...fixes[n].properties } }) };
}

function linesOf({ at, lat, lon, gap }) {
  const found = [];
  const line = (kind, coordinates) =>
    found.push({ type: "Feature", geometry: { type: "LineString", coordinates }, properties: { kind } });
  let run = [];
  for (let n = 0; n < at.length; n++) {
    if (n && at[n] - at[n - 1] > gap) {
      if (run.length > 1) line("trail", run);
      line("gap", [[lon[n - 1], lat[n - 1]], [lon[n], lat[n]]]);
      run = [];
    } else if (run.length === MOST_A_LINE) {
      line("trail", run);
      run = [run.at(-1)];
    }
    run.push([lon[n], lat[n]]);
  }
  if (run.length > 1) line("trail", run);
  return found;
}

// Where positions are on the map of the world, in pixels at zoom 0.
function pixelsOf({ lat, lon }) {
  const x = new Float64Array(lat.length), y = new Float64Array(lat.length);
  for (let n = 0; n < lat.length; n++) {
    const turn = (lat[n] * Math.PI) / 180;
    x[n] = WORLD_PIXELS * (lon[n] / 360 + 0.5);
    y[n] = WORLD_PIXELS * (0.5 - Math.log(Math.tan(Math.PI / 4 + turn / 2)) / (2 * Math.PI));
  }
  return { x, y };
}

// Draws a trail's positions on a map, those of each view when it has come to rest.
export function follow(map, trail) {
  map.addSource("fixes", { type: "geojson", data: collection([]) });
  map.addLayer(radiusOf("fix-radius", "fixes"), "radius");
  map.addLayer(pointsOf("fixes", "fixes"), "points"); // stops lie above them
  const draw = () => map.getSource("fixes").setData(trail.fixesIn(map.getBounds().toArray(), map.getZoom()));
  map.on("moveend", draw);
  draw();
}
