// One key for one act, on the pages that name it: <a data-key="j"> or <button data-key="a">. Never
// while somebody writes, and never with a modifier, which belong to the browser.
const WRITING = "input, textarea, select, [contenteditable]";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(WRITING)) return;
  const named = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (named) {
    event.preventDefault();
    named.focus();
    if (named.dataset.keyOnly !== "focus") named.click();
    return;
  }
  if (event.key === "j" || event.key === "k") move(event.key === "j" ? 1 : -1);
});

// j and k go down and up the rows of the list.
function move(step) {
  const rows = [...document.querySelectorAll("[data-row] a[data-row-link]")];
  if (!rows.length) return;
  const at = rows.indexOf(document.activeElement);
  const next = at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step;
  rows[Math.max(0, Math.min(rows.length - 1, next))].focus();
}
