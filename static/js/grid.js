// What the grid of rooms says, read from the page: rooms, gaps, and when they are. Minutes count from
// where the grid begins; a stop is what the keys go to.

export const byId = (id) => document.getElementById(id);
export const grid = () => byId("tl");
export const times = () => grid().dataset.times.trim().split(" ");
export const step = () => Number(grid().dataset.step);
export const total = () => (times().length - 1) * step();
export const label = (minute) => (times()[minute / step()] ?? "").replace("*", "");
export const rows = () => [...grid().querySelectorAll(".tr[id]")];
export const rowOf = (element) => element.closest(".tr[id]");
export const nameOf = (row) => row.querySelector(".rh a").textContent;
export const termsOf = (row) => JSON.parse(grid().dataset.terms)[row.dataset.kind];
export const stopsOf = (row) =>
  [...row.querySelectorAll(".rh a, .c")].map((one) => (one.matches(".c") && one.querySelector("a")) || one);

// First and last minute of a stop of the keys; the name of the room comes before all.
export function spanOf(one) {
  if (one.closest(".rh")) return [-1, 0];
  if (one.dataset.g) return one.dataset.g.split(" ").slice(0, 2).map(Number);
  const place = one.closest(".c").className;
  const [, start] = place.match(/ s(\d+)/);
  const [, length] = place.match(/ l(\d+)/);
  return [start, Number(start) + Number(length)].map((column) => (column * total()) / 48);
}

export const gapsOf = (row) => [...row.querySelectorAll(".free")].map(spanOf);

export function stopAt(row, minute) {
  const all = stopsOf(row);
  if (minute < 0) return all[0];
  return all.slice(1).reduce((best, one) => (spanOf(one)[0] <= minute || !best ? one : best), null) ?? all[0];
}

export function minuteAt(event, row) {
  const { left, width } = row.getBoundingClientRect();
  const head = row.querySelector(".rh").offsetWidth;
  return ((event.clientX - left - head) / (width - head)) * total();
}
