// How long until then: <time data-until="2026-03-02T10:00:00Z">. The words are the server's, kept true
// while one looks; nothing else moves.
const UNITS = [[48 * 3600, 86400, "day"], [5400, 3600, "hour"], [120, 60, "minute"], [0, 1, "second"]];

function words(seconds) {
  if (seconds <= 0) return "now";
  const [, length, unit] = UNITS.find(([from]) => seconds >= from);
  const count = Math.round(seconds / length);
  return `in ${count} ${unit}${count === 1 ? "" : "s"}`;
}

function tick() {
  const now = Date.now();
  for (const one of document.querySelectorAll("[data-until]")) {
    const said = words((Date.parse(one.dataset.until) - now) / 1000);
    if (one.textContent !== said) one.textContent = said;
  }
}

setInterval(tick, 1000);
