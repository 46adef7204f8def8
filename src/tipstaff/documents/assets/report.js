// Makes the page handier; everything can be read without it. Talks to nobody.
(() => {
  "use strict";
  const root = document.documentElement;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const crimes = all(".crime");
  const links = all(".chooser__link");
  const data = JSON.parse(document.getElementById("tracks").textContent);
  if (!crimes.length) return;
  root.classList.add("js");
  all("[hidden].filter, [hidden].map__tools").forEach((part) => { part.hidden = false; });

  // --- one crime at a time, named in the address ---
  function show(id, move) {
    const crime = document.getElementById(id);
    if (!crime || !crime.classList.contains("crime")) return;
    crimes.forEach((c) => c.classList.toggle("is-open", c === crime));
    links.forEach((a) => {
      if (a.hash === `#${id}`) a.setAttribute("aria-current", "true");
      else a.removeAttribute("aria-current");
    });
    all(".map__view", crime).forEach(fit);
    if (move) {
      const title = crime.querySelector(".crime__title");
      title.focus({ preventScroll: true });
      crime.scrollIntoView({ block: "start" });
    }
  }
  addEventListener("hashchange", () => show(location.hash.slice(1), true));
  // Choosing the crime that is already in the address changes no hash.
  links.forEach((a) => a.addEventListener("click", () => {
    if (a.hash === location.hash) show(a.hash.slice(1), true);
  }));

  // --- the list ---
  const filter = document.getElementById("filter");
  const only = document.getElementById("with-candidates");
  function narrow() {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    all(".chooser__list li").forEach((item) => {
      const match = words.every((word) => item.dataset.search.includes(word)) &&
        (!only.checked || Number(item.dataset.candidates) > 0);
      item.hidden = !match;
      shown += match;
    });
    document.getElementById("shown").textContent = shown === crimes.length
      ? `${shown} crime${shown === 1 ? "" : "s"}` : `${shown} of ${crimes.length} crimes`;
  }
  filter.addEventListener("input", narrow);
  only.addEventListener("change", narrow);

  // --- maps ---
  const boxes = new WeakMap(); // view → { x, y, half }: the middle and half the width, in metres
  const EDGE = 2200;
  const BARS = [1000, 500, 200, 100, 50, 20, 10, 5];
  function fit(view) {
    const svg = view.querySelector("svg");
    const box = boxes.get(view) || { x: 0, y: 0, half: Number(svg.dataset.half) };
    boxes.set(view, box);
    const pixels = svg.getBoundingClientRect();
    if (!pixels.width) return;
    svg.setAttribute("viewBox", `${box.x - box.half} ${box.y - box.half} ${2 * box.half} ${2 * box.half}`);
    const unit = (2 * box.half) / Math.min(pixels.width, pixels.height);
    all(".map-labels", svg).forEach((g) => g.setAttribute("font-size", 13 * unit));
    all(".map-heads path", svg).forEach((p) => {
      p.setAttribute("transform", p.getAttribute("transform").replace(/scale\([^)]*\)/, `scale(${unit})`));
    });
    const bar = BARS.find((b) => b <= box.half * 0.7);
    const corner = (name, x, y) => svg.querySelector(name)
      .setAttribute("transform", `translate(${x} ${y}) scale(${unit})`);
    corner(".map-furniture", box.x - box.half, box.y + box.half);
    corner(".map-north", box.x + box.half, box.y - box.half);
    svg.querySelector(".map-bar").setAttribute("d", `M20 -22v8h${bar / unit}v-8`);
    svg.querySelector(".map-furniture rect").setAttribute("width", bar / unit + 24);
    svg.querySelector(".map-bar-words").textContent = `${bar} m`;
  }
  function change(view, factor, dx, dy) {
    const box = boxes.get(view);
    box.half = Math.min(EDGE, Math.max(40, box.half * factor));
    const room = EDGE - box.half;
    box.x = Math.max(-room, Math.min(room, box.x + dx));
    box.y = Math.max(-room, Math.min(room, box.y + dy));
    fit(view);
  }
  const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  all(".map__view").forEach((view) => {
    fit(view);
    view.tabIndex = 0;
    view.setAttribute("role", "group");
    view.setAttribute("aria-label", "Map: arrow keys move it, plus and minus zoom");
    const tools = view.parentElement.querySelector(".map__tools");
    tools.addEventListener("click", (event) => {
      const kind = event.target.dataset.zoom;
      if (kind === "reset") { boxes.delete(view); fit(view); }
      else if (kind) change(view, kind === "in" ? 0.5 : 2, 0, 0);
    });
    view.addEventListener("keydown", (event) => {
      const step = boxes.get(view).half / 4;
      if (KEYS[event.key]) change(view, 1, KEYS[event.key][0] * step, KEYS[event.key][1] * step);
      else if (event.key === "+" || event.key === "=") change(view, 0.5, 0, 0);
      else if (event.key === "-") change(view, 2, 0, 0);
      else return;
      event.preventDefault();
    });
    let held = null;
    view.addEventListener("pointerdown", (event) => {
      if (event.pointerType === "touch") return; // a finger must be able to scroll the page
      held = [event.clientX, event.clientY];
      view.setPointerCapture(event.pointerId);
    });
    view.addEventListener("pointermove", (event) => {
      if (!held) return;
      const rect = view.getBoundingClientRect();
      const unit = (2 * boxes.get(view).half) / Math.min(rect.width, rect.height);
      change(view, 1, (held[0] - event.clientX) * unit, (held[1] - event.clientY) * unit);
      held = [event.clientX, event.clientY];
    });
    ["pointerup", "pointercancel"].forEach((name) => view.addEventListener(name, () => { held = null; }));
    step(view, tools.querySelector("input[type=range]"));
  });
  addEventListener("resize", () => all(".crime.is-open .map__view").forEach(fit));

  // UK time at a second of the window: the last piece that begins by then (see step_clock.py)
  function clockAt(pieces, second) {
    const [from, shown, zone] = pieces.filter((p) => p[0] <= second).pop() || pieces[0];
    const at = new Date(Date.parse(shown) + (second - from) * 1000).toISOString().slice(11, 16);
    return zone ? `${at} ${zone}` : at;
  }

  // --- step through time: where each tag was last seen at that minute ---
  function step(view, slider) {
    const crime = data[view.dataset.map];
    if (!slider || !crime) return;
    const output = slider.parentElement.querySelector("output");
    const tracks = crime.tracks.map((t) => ({
      ...t, fixes: t.track ? t.track.split(";").map((f) => f.split(",").map(Number)) : [],
    }));
    slider.max = Math.ceil(crime.seconds / 60) + 60;
    const layer = document.createElementNS("http://www.w3.org/2000/svg", "g");
    view.querySelector(".map-furniture").before(layer);
    slider.addEventListener("input", () => {
      const now = Number(slider.value) * 60;
      const clock = clockAt(crime.clock, now);
      const said = [];
      layer.replaceChildren(...tracks.flatMap((t) => {
        const seen = t.fixes.filter((f) => f[0] <= now);
        const next = t.fixes.find((f) => f[0] > now);
        if (!seen.length) { said.push(`${t.letter} not seen yet`); return []; }
        const [at, x, y] = seen[seen.length - 1];
        const lost = now - at > 300 || !next;
        said.push(`${t.letter} ${lost && now - at > 300 ? "not seen" : `${Math.round(Math.hypot(x, y))} m away`}`);
        return [[22, t.colour], [14, lost ? "#ffffff" : "#ffdd00"]].map(([width, colour]) => {
          const dot = document.createElementNS("http://www.w3.org/2000/svg", "path");
          const set = { d: `M${x} ${y}h0`, stroke: colour, "stroke-width": width, "stroke-linecap": "round",
            "vector-effect": "non-scaling-stroke", fill: "none" };
          Object.entries(set).forEach(([name, value]) => dot.setAttribute(name, value));
          return dot;
        });
      }));
      output.textContent = `${clock}: ${said.join(", ")}`;
      slider.setAttribute("aria-valuetext", output.textContent);
    });
  }

  // Paper has no buttons: reasons are opened before printing and closed again. Tables of fixes run
  // to many sheets, so they are printed only where the reader opened them.
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = all("details:not([open]):not(.fixes)");
    opened.forEach((part) => { part.open = true; });
  });
  addEventListener("afterprint", () => opened.forEach((part) => { part.open = false; }));

  const first = crimes.find((c) => c.querySelector(".card")) || crimes[0];
  const named = document.getElementById(location.hash.slice(1));
  const wanted = named && named.classList.contains("crime");
  show(wanted ? named.id : first.id, Boolean(wanted));
})();
