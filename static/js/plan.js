// Arrow keys and zoom for the floor plan. With this file the plan is one stop of the Tab key and
// its places are reached by arrows; without it every free place is a link of its own.

const STEP = 1.5;
const MOST = 4; // times as large
const AWRY = 2.5; // how much worse a step aside is than one ahead
const MOVED = 6; // pixels after which a press is a drag
const AHEAD = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const plan = () => document.querySelector("[data-plan]");
const places = () => [...plan().querySelectorAll("a[href]")];
const wholes = new WeakMap();
let stop = "";
let left = null; // where the focus is, should its place be taken meanwhile
let shown = ""; // the chosen place that was last brought into view

// --- one stop of the Tab key

function middle(place) {
  const hit = place.querySelector(".hit").getBBox();
  return [hit.x + hit.width / 2, hit.y + hit.height / 2];
}

function rove() {
  if (!plan()) return;
  const all = places();
  const chosen = all.find((place) => place.id === stop) ?? all.find((place) => place.ariaCurrent);
  const only = chosen ?? all[0];
  for (const place of all) place.setAttribute("tabindex", place === only ? "0" : "-1");
  for (const id of ["zoom", "keys"]) document.getElementById(id).hidden = false;
  touch(plan());
  const mine = all.find((place) => place.ariaCurrent);
  if (mine && shown && mine.id !== shown) show(middle(mine));
  shown = mine?.id ?? "";
}

document.addEventListener("htmx:before:swap", () => {
  const place = document.activeElement?.closest("[data-plan] a");
  left = place ? middle(place) : null;
});

document.addEventListener("htmx:after:swap", () => {
  rove();
  if (left && plan() && document.activeElement === document.body) nearest(places(), left)?.focus();
});

function nearest(all, [x, y]) {
  const away = (place) => Math.hypot(middle(place)[0] - x, middle(place)[1] - y);
  return all.reduce((best, place) => (best && away(best) <= away(place) ? best : place), null);
}

function next(from, [dx, dy]) {
  const [x, y] = middle(from);
  let best = null;
  let least = Infinity;
  for (const place of places()) {
    const [px, py] = middle(place);
    const ahead = (px - x) * dx + (py - y) * dy;
    const aside = Math.abs((px - x) * dy) + Math.abs((py - y) * dx);
    if (place !== from && ahead > 1 && ahead + aside * AWRY < least) {
      best = place;
      least = ahead + aside * AWRY;
    }
  }
  return best;
}

document.addEventListener("focusin", (event) => {
  const place = event.target.closest?.("[data-plan] a");
  if (!place || place.id === stop) return;
  stop = place.id;
  rove();
  show(middle(place));
});

document.addEventListener("keydown", (event) => {
  const from = event.target.closest?.("[data-plan] a");
  if (!from || event.ctrlKey || event.metaKey || event.altKey) return;
  const all = places();
  const to = {
    Home: () => all[0],
    End: () => all.at(-1),
  }[event.key]?.() ?? (AHEAD[event.key] && (next(from, AHEAD[event.key]) ?? from));
  const zoomed = { "+": STEP, "=": STEP, "-": 1 / STEP, 0: 0 }[event.key];
  if (!to && zoomed === undefined) return;
  event.preventDefault();
  if (to) to.focus();
  else zoom(zoomed, middle(from));
});

// --- zoom: the plan's viewBox, never the wheel

function whole(svg) {
  if (!("zoomed" in svg.dataset)) wholes.set(svg, view(svg));
  return wholes.get(svg);
}

function touch(svg) {
  svg.style.touchAction = "zoomed" in svg.dataset ? "none" : "pan-x pan-y";
}

function look(svg, x, y, width, height) {
  const [left, top, wide, high] = whole(svg);
  const at = (value, first, room) => Math.min(Math.max(value, first), first + room);
  const seen = [at(x, left, wide - width), at(y, top, high - height), width, height];
  svg.setAttribute("viewBox", seen.map(Math.round).join(" "));
  svg.toggleAttribute("data-zoomed", width < wide);
  touch(svg);
}

function view(svg) {
  return svg.getAttribute("viewBox").split(" ").map(Number);
}

function zoom(factor, around) {
  const svg = plan();
  const [, , wide, high] = whole(svg);
  const [x, y, width, height] = view(svg);
  const share = factor ? Math.min(Math.max(width / factor / wide, 1 / MOST), 1) : 1;
  const [cx, cy] = around ?? [x + width / 2, y + height / 2];
  look(svg, cx - (cx - x) * ((wide * share) / width), cy - (cy - y) * ((high * share) / height),
    wide * share, high * share);
}

function show([px, py]) {
  const svg = plan();
  const [x, y, width, height] = view(svg);
  const margin = width / 8;
  const isSeen = px > x + margin && px < x + width - margin && py > y + margin && py < y + height - margin;
  if (!isSeen) look(svg, px - width / 2, py - height / 2, width, height);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-zoom]");
  if (button) zoom(button.dataset.zoom === "in" ? STEP : 1 / STEP);
});

// --- drag when zoomed, and pinch

const fingers = new Map();
let start = null;

function spread() {
  const [a, b] = [...fingers.values()];
  return b ? Math.hypot(a.x - b.x, a.y - b.y) : 0;
}

document.addEventListener("pointerdown", (event) => {
  const svg = event.target.closest?.("[data-plan]");
  if (!svg) return;
  fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  start = { x: event.clientX, y: event.clientY, view: view(svg), spread: spread(), isDrag: false };
});

document.addEventListener("pointermove", (event) => {
  if (!fingers.has(event.pointerId) || !plan()) return;
  fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  const svg = plan();
  const [x, y, width, height] = start.view;
  if (fingers.size === 2 && start.spread) {
    start.isDrag = true;
    look(svg, ...start.view);
    zoom(spread() / start.spread);
  } else if ("zoomed" in svg.dataset) {
    const scale = width / svg.clientWidth;
    const [dx, dy] = [event.clientX - start.x, event.clientY - start.y];
    start.isDrag ||= Math.hypot(dx, dy) > MOVED;
    if (start.isDrag) look(svg, x - dx * scale, y - dy * scale, width, height);
  }
});

for (const end of ["pointerup", "pointercancel"]) {
  document.addEventListener(end, (event) => fingers.delete(event.pointerId));
}

document.addEventListener("click", (event) => {
  if (!start?.isDrag || !event.target.closest?.("[data-plan]")) return;
  event.preventDefault();
  start = null;
}, true);

rove();
