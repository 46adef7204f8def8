// Tells the page when something changed: the server says what, and each part of the page that shows
// it asks for itself again. Nothing about anybody comes this way.
const place = document.querySelector('meta[name="tipstaff-live"]')?.content;
const lost = document.getElementById("connection-lost");
const PATIENCE_MS = 4000;

function follow(address) {
  const source = new EventSource(address);
  let waiting = null;
  source.onopen = () => {
    clearTimeout(waiting);
    waiting = null;
    if (lost && !lost.hidden) {
      lost.hidden = true;
      // what came meanwhile was not told
      document.body.dispatchEvent(new CustomEvent("tipstaff:all"));
    }
  };
  source.onerror = () => {
    waiting ??= setTimeout(() => {
      if (lost) lost.hidden = false;
    }, PATIENCE_MS);
    if (source.readyState === EventSource.CLOSED) {
      setTimeout(() => follow(address), PATIENCE_MS);
    }
  };
  source.addEventListener("changed", (event) => {
    for (const what of event.data.split(" ")) {
      document.body.dispatchEvent(new CustomEvent(`tipstaff:${what}`));
    }
  });
}

if (place) follow(place);
