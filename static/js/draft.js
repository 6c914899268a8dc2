// A booking that is drafted: drawn in the grid, said aloud, and lying in the dock, where its times
// are two selects. Also one's own booking on its way to another time.

import { byId, gapsOf, grid, label, nameOf, rowOf, spanOf, step, termsOf, times, total } from "./grid.js";

const { htmx } = window;
const said = byId("said");
export let draft = null;

export function fromGap(gap, at) {
  const row = rowOf(gap);
  const [unit, shortest, , length] = termsOf(row);
  const [lo, hi] = spanOf(gap);
  const first = Math.max(lo, Math.min(Math.floor(at / unit) * unit, hi - shortest));
  begin({ row: row.id, lo, hi, title: draft?.title ?? "" });
  set(first, first + length);
}

// One's own booking may go as far as the gaps beside it do.
export function fromOwn(own) {
  const [first, last, code, revision] = own.dataset.g?.split(" ") ?? [];
  if (!code) return false;
  const cell = own.closest(".c");
  const beside = (one) => one?.querySelector(".free") && spanOf(one.querySelector(".free"));
  const lo = beside(cell.previousElementSibling)?.[0] ?? Number(first);
  const hi = beside(cell.nextElementSibling)?.[1] ?? Number(last);
  begin({ row: rowOf(own).id, lo, hi, code, revision });
  set(Number(first), Number(last));
  return true;
}

function begin(what) {
  draft?.cell.remove();
  grid().querySelector(".left")?.classList.remove("left");
  const cell = document.createElement("div");
  cell.className = "c";
  cell.setAttribute("role", "gridcell");
  cell.innerHTML = '<a class="p draft" href="#dock"><b></b><span></span><i></i><i></i></a>';
  draft = { ...what, day: grid().dataset.day, cell, link: cell.firstChild, key: "" };
}

export function set(first, last, { keepsEnd = false } = {}) {
  const [unit, shortest, longest] = termsOf(byId(draft.row));
  const snap = (minute) => Math.round(minute / unit) * unit;
  const most = longest || total();
  let [from, to] = [Math.max(snap(first), draft.lo), Math.min(snap(last), draft.hi)];
  if (keepsEnd) from = Math.max(Math.min(from, to - shortest), to - most, draft.lo);
  else to = Math.min(Math.max(to, from + shortest), from + most, draft.hi);
  Object.assign(draft, { first: from, last: to });
  draw();
  fill();
  say();
}

function isFree() {
  const row = byId(draft.row);
  const own = draft.code && row.querySelector(`[data-g*="${draft.code}"]`);
  const spans = [...gapsOf(row), ...(own ? [spanOf(own)] : [])].sort((a, b) => a[0] - b[0]);
  let at = draft.first;
  for (const [first, last] of spans) if (first <= at && last > at) at = last;
  return at >= draft.last;
}

export function draw() {
  const row = byId(draft.row);
  const [from, to] = [draft.first, draft.last].map((minute) => Math.round((minute * 48) / total()));
  const { cell, link } = draft;
  cell.style.gridColumn = `${from + 2} / span ${Math.max(to - from, 1)}`;
  link.dataset.g = `${draft.first} ${draft.last}`;
  const isTaken = !isFree();
  const isNews = link.classList.contains("taken") !== isTaken; // somebody came first, or left
  link.classList.toggle("taken", isTaken);
  const name = byId("dock-name");
  if (name) name.textContent = isTaken ? `${nameOf(row)}: ${said.dataset.taken}` : nameOf(row);
  if (isNews) say();
  link.children[0].textContent = `${label(draft.first)}–${label(draft.last)}`;
  link.children[1].textContent = said.dataset.yours;
  link.setAttribute("aria-label", `${words()}, ${said.dataset.yours}`);
  if (draft.code) row.querySelector(`[data-g$="${draft.code} ${draft.revision}"]`)?.classList.add("left");
  if (cell.parentNode === row) return;
  const after = [...row.querySelectorAll(".c")].find((one) => spanOf(one.querySelector("a") ?? one)[0] > draft.first);
  row.insertBefore(cell, after ?? null);
}

function words() {
  const values = {
    place: nameOf(byId(draft.row)),
    first: label(draft.first),
    last: label(draft.last),
    state: isFree() ? said.dataset.free : said.dataset.taken,
  };
  return said.dataset.said.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

function say() {
  said.textContent = words();
}

export function drop() {
  const row = byId(draft.row);
  draft.cell.remove();
  row?.querySelector(".left")?.classList.remove("left");
  byId("dock").hidden = true;
  byId("dock").replaceChildren();
  said.textContent = said.dataset.dropped;
  draft = null;
}

// --- the dock

function options(select, first, last, chosen) {
  const [unit] = termsOf(byId(draft.row));
  const shown = [];
  for (let minute = first; minute <= last; minute += unit) {
    const option = new Option(label(minute), label(minute), false, minute === chosen);
    option.disabled = times()[minute / step()]?.endsWith("*");
    option.dataset.minute = minute;
    shown.push(option);
  }
  select.replaceChildren(...shown);
}

function fill() {
  const dock = byId("dock");
  const row = byId(draft.row);
  const [, shortest, longest] = termsOf(row);
  let form = byId("dock-form");
  if (!form || form.dataset.row !== draft.row || form.dataset.code !== (draft.code ?? "")) {
    form = fresh(dock, row);
  }
  const most = Math.min(draft.hi, draft.first + (longest || total()));
  options(form.elements.from, draft.lo, draft.hi - shortest, draft.first);
  options(form.elements.to, draft.first + shortest, most, draft.last);
  const key = `${draft.row} ${draft.first} ${draft.last}`;
  if (form.elements.idem && form.dataset.key !== key) {
    form.dataset.key = key;
    form.elements.idem.value = Array.from(crypto.getRandomValues(new Uint32Array(4)), (n) => n.toString(36)).join("-");
  }
}

function fresh(dock, row) {
  dock.className = "dock";
  dock.hidden = false;
  dock.replaceChildren(byId("draft").content.cloneNode(true));
  const form = byId("dock-form");
  Object.assign(form.dataset, { row: draft.row, code: draft.code ?? "" });
  form.elements.space.value = row.id.slice(2);
  form.elements.day.value = draft.day;
  byId("dock-name").textContent = nameOf(row);
  const button = form.querySelector(".go");
  if (draft.code) {
    const href = form.dataset.change.replace("/-/", `/${draft.code}/`);
    form.setAttribute("action", href);
    form.setAttribute("hx-post", href);
    form.elements.revision.value = draft.revision;
    form.elements.idem.remove();
    byId("dock-what").remove();
    button.textContent = button.dataset.move;
  } else {
    form.elements.revision?.remove();
    if (byId("dock-what")?.dataset.without.split(" ").includes(row.dataset.kind)) byId("dock-what").remove();
    if (form.elements.title) form.elements.title.value = draft.title;
  }
  const name = document.createElement("span");
  name.className = "only-l";
  name.textContent = `\u00a0${nameOf(row)}`;
  button.append(name);
  htmx.process(dock);
  return form;
}

document.addEventListener("input", (event) => {
  if (event.target.id === "dock-title") draft.title = event.target.value;
});

document.addEventListener("change", (event) => {
  if (!event.target.matches?.("#dock-form select")) return;
  const minute = Number(event.target.selectedOptions[0].dataset.minute);
  if (event.target.name === "from") set(minute, minute + draft.last - draft.first);
  else set(draft.first, minute);
});

for (const done of ["booked", "changed"]) {
  document.addEventListener(done, () => {
    draft?.cell.remove();
    draft = null;
  });
}
