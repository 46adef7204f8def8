// A trail played back: a slider over time, speeds, the fix of the moment with its circle. The same
// can be done with the keyboard: the slider is an ordinary one.
export function playback(box, map, found) {
  const slider = box.querySelector("input[type=range]");
  const said = box.querySelector("output");
  const play = box.querySelector("[data-play]");
  const speed = box.querySelector("select");
  const fixes = found.features
    .filter((one) => one.properties.kind === "fix")
    .sort((a, b) => a.properties.at - b.properties.at);
  if (!fixes.length) {
    box.hidden = true;
    return;
  }
  const [start, end] = [fixes[0].properties.at, fixes.at(-1).properties.at];
  Object.assign(slider, { min: start, max: end, step: 1, value: start });
  map.addSource("now", { type: "geojson", data: { type: "FeatureCollection", features: [] } });
  map.addLayer({
    id: "now", type: "circle", source: "now",
    paint: { "circle-radius": 9, "circle-color": "#ffdd00", "circle-stroke-color": "#0b0c0c", "circle-stroke-width": 3 },
  });
  let timer = null;

  function at(second) {
    let low = 0, high = fixes.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (fixes[middle].properties.at <= second) low = middle;
      else high = middle - 1;
    }
    return fixes[low];
  }

  function draw() {
    const one = at(Number(slider.value));
    map.getSource("now").setData({ ...one, properties: { ...one.properties, kind: "now" } });
    said.textContent = one.properties.words;
    slider.setAttribute("aria-valuetext", one.properties.words);
  }

  function step() {
    slider.value = Number(slider.value) + Number(speed.value) / 10;
    draw();
    if (Number(slider.value) >= end) stop();
  }

  function stop() {
    clearInterval(timer);
    timer = null;
    play.textContent = "Play";
  }

  play.addEventListener("click", () => {
    if (timer) return stop();
    if (Number(slider.value) >= end) slider.value = start;
    timer = setInterval(step, 100);
    play.textContent = "Pause";
  });
  slider.addEventListener("input", draw);
  box.hidden = false;
  draw();
}
