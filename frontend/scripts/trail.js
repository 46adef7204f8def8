// A trail in columns (see web/trail_shape.py) on a map: lines, gaps and positions as far as they are
// in view and apart. A month has 43,000: what nobody could see is not drawn.
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

  // Those of a view that are apart at its zoom.
  function fixesIn(view, zoom) {
    const cells = 2 ** (Math.floor(zoom) + 1) / CELL_PIXELS, across = Math.ceil(WORLD_PIXELS * cells);
    const shown = new Map();
    for (let n = 0; n < at.length; n++) {
      if (!touches(view, lon[n], lon[n], lat[n], lat[n])) continue;
      const cell = zoom >= ALL_FROM ? n : Math.floor(pixels.x[n] * cells) * across + Math.floor(pixels.y[n] * cells);
      const other = shown.get(cell);
      if (other === undefined || (radius[n] ?? 0) > (radius[other] ?? 0)) shown.set(cell, n);
    }
    return collection([...shown.values()].map(fix));
  }

  // The lines of a view, and gaps: a corner that lies within a pixel of the one before is left out.
  function linesIn(view, zoom) {
    const found = [], scale = 2 ** (Math.floor(zoom) + 1);
    const line = (kind, coordinates) =>
      found.push({ type: "Feature", geometry: { type: "LineString", coordinates }, properties: { kind } });
    let run = [], last = 0;
    const end = () => {
      if (run.length > 1) line("trail", run);
      run = [];
    };
    for (let n = 1; n < at.length; n++) {
      const isGap = at[n] - at[n - 1] > columns.gap, isLast = n + 1 === at.length || at[n + 1] - at[n] > columns.gap;
      const near = Math.abs(pixels.x[n] - pixels.x[last]) * scale < 1 && Math.abs(pixels.y[n] - pixels.y[last]) * scale < 1;
      if (near && !isGap && !isLast) continue;
      const seen = touches(view, lon[last], lon[n], lat[last], lat[n]);
      if (isGap || !seen || run.length === MOST_A_LINE) end();
      if (seen && isGap) line("gap", [place(last), place(n)]);
      else if (seen) run.push(...(run.length ? [] : [place(last)]), place(n));
      last = n;
    }
    end();
    return found;
  }

  const drawn = (view, zoom) => collection([...(columns.zones ?? []), ...linesIn(view, zoom), ...(columns.stops ?? [])]);
  return { times: at, fix, fixesIn, drawn };
}

// The corners of a view, with as much again on each side as is wanted.
const around = ([[west, south], [east, north]]) => {
  const [wide, high] = [AROUND * (east - west), AROUND * (north - south)];
  return [west - wide, south - high, east + wide, north + high];
};

const touches = ([west, south, east, north], lon, other, lat, beyond) =>
  Math.max(lon, other) >= west && Math.min(lon, other) <= east && Math.max(lat, beyond) >= south && Math.min(lat, beyond) <= north;

// Positions among features, to be played back like a trail; null where there is none.
export function playedOf(features) {
  const fixes = features
    .filter((one) => one.properties.kind === "fix" && one.properties.at !== undefined)
    .sort((a, b) => a.properties.at - b.properties.at);
  if (!fixes.length) return null;
  return { times: fixes.map((one) => one.properties.at), fix: (n) => ({ ...fixes[n], properties: { ...fixes[n].properties } }) };
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

// Draws a trail on a map, what is to be seen of it in each view when it has come to rest.
export function follow(map, trail) {
  map.addSource("fixes", { type: "geojson", data: collection([]) });
  map.addLayer(radiusOf("fix-radius", "fixes"), "radius");
  map.addLayer(pointsOf("fixes", "fixes"), "points"); // stops lie above them
  const draw = () => {
    const view = around(map.getBounds().toArray()), zoom = map.getZoom();
    map.getSource("shown").setData(trail.drawn(view, zoom));
    map.getSource("fixes").setData(trail.fixesIn(view, zoom));
  };
  map.on("moveend", draw);
  draw();
}
