// A trail in columns (see web/trail_shape.py), as what a map draws: lines, gaps, positions.
const METRES_A_PIXEL = 78271.5; // at the equator and zoom 0, of tiles of 512 pixels
const FOUND_BY = { 1: "satellites", 4: "radio", 5: "the mobile network", 6: "Wi-Fi" };
const clock = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Europe/London", weekday: "short", day: "numeric", month: "short",
  hour: "2-digit", minute: "2-digit", timeZoneName: "short",
});

export function featuresOf(trail) {
  const features = [...(trail.zones ?? [])];
  const place = (n) => [trail.lon[n], trail.lat[n]];
  const line = (kind, coordinates) =>
    features.push({ type: "Feature", geometry: { type: "LineString", coordinates }, properties: { kind } });
  let run = [];
  for (let n = 0; n < trail.at.length; n++) {
    if (n && trail.at[n] - trail.at[n - 1] > trail.gap) {
      if (run.length > 1) line("trail", run);
      line("gap", [place(n - 1), place(n)]);
      run = [];
    }
    run.push(place(n));
  }
  if (run.length > 1) line("trail", run);
  for (let n = 0; n < trail.at.length; n++) {
    features.push({ type: "Feature", geometry: { type: "Point", coordinates: place(n) }, properties: propertiesOf(trail, n) });
  }
  features.push(...(trail.stops ?? []));
  return { type: "FeatureCollection", features };
}

function propertiesOf(trail, n) {
  const radius = trail.radius[n];
  const off = radius === null ? "nobody said how exactly" : `within ${radius} m`;
  const by = FOUND_BY[trail.mechanism[n]];
  return {
    kind: "fix",
    at: trail.at[n],
    words: `${clock.format(trail.at[n] * 1000)}, ${off}${by ? `, found by ${by}` : ""}`,
    // the circle's radius in pixels at zoom 0: it doubles with each zoom
    pixels: radius === null ? 0 : radius / (METRES_A_PIXEL * Math.cos((trail.lat[n] * Math.PI) / 180)),
  };
}
