// The people on the live map and the table of them: whoever has the focus in the table is in the
// middle of the map, and their zones are drawn when asked for. The table has all that the map has.
import { ring } from "./map-layers.js";

const NOBODY = "";

async function asked(address) {
  const answer = await fetch(address, { headers: { Accept: "application/geo+json" } });
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(told.words ?? "The zones could not be had. Try again.");
  return told.features;
}

export function people(box, map) {
  const source = map.getSource("shown");
  const said = box.querySelector("[data-zones-said]");
  const inWords = box.querySelector("[data-zones-words]");
  const everybody = box.querySelector("[data-zones-everybody]");
  const zones = new Map(); // by person: those whose zones were asked for one by one
  let points = [], ofEverybody = null, chosen = NOBODY;

  const isOf = (person) => ["all", ["==", ["get", "kind"], "last"], ["==", ["get", "wearer"], person]];
  for (const layer of ring("chosen", "shown", isOf(NOBODY), 20, "#ffdd00", "#0b0c0c")) map.addLayer(layer);
  box.classList.add("tipstaff-with-map");

  const drawn = () => ofEverybody ?? [...zones.values()].flat();

  function draw() {
    source.setData({ type: "FeatureCollection", features: [...drawn(), ...points] });
    box.dataset.zones = drawn().length;
    mark();
  }

  function mark() {
    for (const button of box.querySelectorAll("[data-zones-of]")) {
      const person = button.closest("[data-person]").dataset.person;
      button.setAttribute("aria-pressed", zones.has(person));
    }
    for (const row of box.querySelectorAll("[data-person]")) {
      row.classList.toggle("tipstaff-chosen", row.dataset.person === chosen);
    }
  }

  function say(line) {
    said.textContent = line;
  }

  // How many zones are drawn, and each in words: of everybody there are many, so one opens them.
  function tell() {
    const none = [...zones].filter(([, own]) => !own.length).map(([person]) => `${person} has no zone in force.`);
    const many = drawn().length;
    const counted = many ? [`${many === 1 ? "1 zone is" : `${many} zones are`} drawn.`] : [];
    say(ofEverybody && !many ? "Nobody shown has a zone in force." : [...counted, ...(ofEverybody ? [] : none)].join(" "));
    inWords.hidden = !many;
    inWords.open = !ofEverybody;
    inWords.querySelector("ul").replaceChildren(...drawn().map((one) => {
      const line = document.createElement("li");
      line.textContent = one.properties.words;
      return line;
    }));
  }

  function choose(person) {
    chosen = person;
    for (const layer of ["chosen-under", "chosen"]) map.setFilter(layer, isOf(person));
    box.dataset.chosen = person;
    mark();
  }

  function goTo(person) {
    const point = points.find((one) => one.properties.wearer === person);
    if (!point) return;
    const there = () => { box.dataset.middle = person; };
    map.easeTo({ center: point.geometry.coordinates, zoom: Math.max(map.getZoom(), 12), duration: 300 });
    if (map.isMoving()) map.once("moveend", there);
    else there(); // at once, where somebody wants nothing to move
  }

  function fit(features) {
    const flat = features.flatMap((one) => one.geometry.coordinates.flat(Infinity));
    if (!flat.length) return;
    const [along, up] = [flat.filter((_, at) => at % 2 === 0), flat.filter((_, at) => at % 2 === 1)];
    const least = (all) => all.reduce((a, b) => Math.min(a, b)), most = (all) => all.reduce((a, b) => Math.max(a, b));
    map.fitBounds([[least(along), least(up)], [most(along), most(up)]], { padding: 40, maxZoom: 15, duration: 300 });
  }

  async function showZones(address, person) {
    if (zones.delete(person)) {
      tell();
      return draw();
    }
    if (everybody?.checked) {
      everybody.checked = false;
      ofEverybody = null;
    }
    try {
      zones.set(person, await asked(address));
    } catch (problem) {
      return say(problem.message);
    }
    tell();
    draw();
    choose(person);
    fit([...zones.get(person), ...points.filter((one) => one.properties.wearer === person)]);
  }

  everybody?.addEventListener("change", async () => {
    ofEverybody = null;
    if (everybody.checked) {
      try {
        ofEverybody = await asked(everybody.dataset.zonesEverybody);
      } catch (problem) {
        everybody.checked = false;
        return say(problem.message);
      }
    }
    tell();
    draw();
    if (ofEverybody) fit([...ofEverybody, ...points]);
  });
  box.addEventListener("click", (event) => {
    const button = event.target.closest("[data-zones-of]");
    if (button) showZones(button.dataset.zonesOf, button.closest("[data-person]").dataset.person);
  });
  box.addEventListener("focusin", (event) => {
    const person = event.target.closest("[data-person]")?.dataset.person;
    if (!person || person === chosen) return;
    choose(person);
    goTo(person);
  });
  document.addEventListener("keydown", (event) => {
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (event.key !== "z" || !plain || event.target.closest("input, textarea, select")) return;
    box.querySelector(`[data-person="${CSS.escape(chosen)}"] [data-zones-of]`)?.click();
  });
  // the rows were asked for again: what is chosen in them is not the server's to say
  document.body.addEventListener("htmx:afterSwap", mark);

  return {
    show(found) {
      points = found.features;
      draw();
    },
    // What a click on a point shows: the same words as everywhere, and where they lead.
    popup(properties) {
      choose(properties.wearer);
      const links = document.createElement("p");
      links.className = "tipstaff-popup";
      for (const [address, text] of [[properties.page, `Open ${properties.wearer}`], [properties.alert_page, "Open the alert"]]) {
        if (!address) continue;
        const link = document.createElement("a");
        Object.assign(link, { className: "govuk-link", href: address, textContent: text });
        links.append(link);
      }
      const button = box.querySelector(`[data-person="${CSS.escape(properties.wearer)}"] [data-zones-of]`);
      if (button) {
        const shows = document.createElement("button");
        Object.assign(shows, { type: "button", className: "govuk-button govuk-button--secondary tipstaff-button--small", textContent: zones.has(properties.wearer) ? "Hide zones" : "Show zones" });
        shows.addEventListener("click", () => {
          button.click();
          shows.textContent = shows.textContent === "Show zones" ? "Hide zones" : "Show zones";
        });
        links.append(shows);
      }
      return links;
    },
  };
}
