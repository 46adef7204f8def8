// A trail played back: a slider over time, speeds, the fix of the moment with its circle. The same
// can be done with the keyboard: the slider is an ordinary one.
import { wordsOf } from "./trail.js";

export function playback(box, map, trail) {
  const slider = box.querySelector("input[type=range]");
  const said = box.querySelector("output");
  const play = box.querySelector("[data-play]");
  const speed = box.querySelector("select");
  const { times } = trail;
  const [start, end] = [times[0], times.at(-1)];
  Object.assign(slider, { min: start, max: end, step: 1, value: start });
  map.addSource("now", { type: "geojson", data: { type: "FeatureCollection", features: [] } });
  map.addLayer({
    id: "now", type: "circle", source: "now",
    paint: { "circle-radius": 9, "circle-color": "#ffdd00", "circle-stroke-color": "#0b0c0c", "circle-stroke-width": 3 },
  });
  let timer = null;

  // The number of the last position up to a second.
  function at(second) {
    let low = 0, high = times.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (times[middle] <= second) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  function draw() {
    const one = trail.fix(at(Number(slider.value))), words = wordsOf(one.properties);
    one.properties.kind = "now";
    map.getSource("now").setData(one);
    said.textContent = words;
    slider.setAttribute("aria-valuetext", words);
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
