// Maps: each <div data-map> has a table beside it with the same, and names what it draws by
// attributes. The address of the data answers GeoJSON; nothing is asked of any other machine.
import { Map as MapView, NavigationControl, Popup, ScaleControl, addProtocol, prewarm, setWorkerUrl } from "maplibre-gl";
import { Protocol } from "pmtiles";
import { HATCH, layersOf } from "./map-layers.js";
import { people } from "./people.js";
import { playback } from "./playback.js";
import { follow, playedOf, trailOf, wordsOf } from "./trail.js";

setWorkerUrl(new URL("map-worker.mjs", import.meta.url).href);
addProtocol("pmtiles", new Protocol().tile);

const EMPTY = { type: "FeatureCollection", features: [] };

// Each look is recorded, so a map that lies open looks again at most so often.
const REFRESH_MS = 30000;

function atMostEvery(time, call) {
  let last = Date.now(), waiting = null;
  return () => {
    waiting ??= setTimeout(() => {
      waiting = null;
      last = Date.now();
      call();
    }, Math.max(0, last + time - Date.now()));
  };
}

// What a page that lies open asks by itself says so, as htmx does: it keeps no session alive.
async function json(address, more = {}) {
  const answer = await fetch(address, { headers: { Accept: "application/geo+json", ...more } });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}

function boundsOf(collection) {
  let west = 180, south = 90, east = -180, north = -90;
  const walk = (at) => {
    if (typeof at[0] === "number") {
      west = Math.min(west, at[0]); east = Math.max(east, at[0]);
      south = Math.min(south, at[1]); north = Math.max(north, at[1]);
    } else at.forEach(walk);
  };
  collection.features.forEach((one) => one.geometry && walk(one.geometry.coordinates));
  return west > east ? null : [[west, south], [east, north]];
}

// All that a trail in columns has to show.
const placesOf = ({ lon, lat, zones, stops }) => [
  ...(zones ?? []), ...(stops ?? []), ...lon.map((east, n) => ({ geometry: { coordinates: [east, lat[n]] } })),
];

async function show(element) {
  const asked = json(element.dataset.map); // meanwhile: nothing of the ground has to be known for it
  asked.catch(() => {}); // told where it is waited for
  const ground = await json(element.dataset.ground);
  const map = new MapView({
    container: element,
    style: ground,
    attributionControl: { compact: false },
    center: [-1.5, 53],
    zoom: 6,
    maxZoom: 19,
    fadeDuration: 0,
  });
  map.addControl(new NavigationControl({ showCompass: false }));
  map.addControl(new ScaleControl({ unit: "metric" }));
  map.getCanvas().setAttribute("aria-label", element.dataset.label);
  await new Promise((ready) => map.once("style.load", ready));
  map.addImage("hatch", HATCH, { pixelRatio: 2 });
  map.addSource("shown", { type: "geojson", data: EMPTY });
  for (const layer of layersOf("shown")) map.addLayer(layer);
  const box = element.closest("[data-people]");
  const shown = box && people(box, map);
  const answer = await asked;
  const trail = answer.at && trailOf(answer);
  const features = trail ? placesOf(answer) : answer.features, bounds = boundsOf({ features });
  if (bounds) map.fitBounds(bounds, { padding: 40, maxZoom: 16, duration: 0 });
  const draw = (now) => {
    if (shown) shown.show(now);
    else map.getSource("shown").setData(now);
    element.dataset.features = now.features.length;
  };
  if (trail) {
    follow(map, trail);
    element.dataset.features = features.length;
  } else draw(answer);
  const refresh = async () => draw(await json(element.dataset.map, { "HX-Request": "true" }));
  if (!trail) document.body.addEventListener("tipstaff:looked", () => refresh().catch(() => {})); // the next look may do
  const points = ["points", ...(trail ? ["fixes"] : [])];
  for (const layer of [...points, "zones", "scene"]) map.on("click", layer, (event) => {
    if (!points.includes(layer) && map.queryRenderedFeatures(event.point, { layers: points }).length) return;
    const [one] = event.features;
    const words = one.properties.kind === "fix" ? wordsOf(one.properties) : one.properties.words;
    if (!words) return;
    const text = document.createElement("p");
    text.textContent = words;
    const content = document.createElement("div");
    content.append(text, ...(shown && one.properties.page ? [shown.popup(one.properties)] : []));
    new Popup({ maxWidth: "320px" }).setLngLat(event.lngLat).setDOMContent(content).addTo(map);
  });
  const slider = document.querySelector("[data-playback]");
  const played = slider && (trail || playedOf(answer.features));
  if (played) playback(slider, map, played);
  element.dataset.ready = "true";
  // when the first picture was whole, milliseconds from the page's beginning
  map.once("idle", () => { element.dataset.drawn = Math.round(performance.now()); });
  return map;
}

const maps = new WeakMap();

// The map of an element, once it can be drawn on; undefined for an element that is none.
export function opened(element) {
  return maps.get(element);
}

// A map that lies open, and its table, look again when one of its topics changed: the table too where
// no map could be drawn.
function lookAgain(topics) {
  const later = atMostEvery(REFRESH_MS, () => document.body.dispatchEvent(new CustomEvent("tipstaff:looked")));
  for (const topic of [...topics.split(" "), "all"]) document.body.addEventListener(`tipstaff:${topic}`, later);
}

if (document.querySelector("[data-map]")) prewarm(); // while the data is on its way
for (const element of document.querySelectorAll("[data-map]")) {
  if (element.dataset.refresh) lookAgain(element.dataset.refresh);
  const shown = show(element);
  maps.set(element, shown);
  shown.catch((problem) => {
    element.dataset.failed = "true";
    element.textContent = `The map could not be drawn (${problem.message}). The table has the same.`;
  });
}
