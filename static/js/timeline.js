// The grid of rooms by keys and by mouse: arrows go from gap to gap, Enter or a drag drafts a booking
// in one, Shift with an arrow or a handle makes it longer. One's own booking is moved the same way.

import { draft, draw, drop, fromGap, fromOwn, set } from "./draft.js";
import { byId, grid, minuteAt, rowOf, rows, spanOf, stopAt, stopsOf, termsOf } from "./grid.js";

const NEAR = 10; // pixels of an edge by which a booking is made longer
const MOVED = 4; // pixels after which a press is a drag
let stop = { row: "", at: 0 }; // where the one stop of the Tab key is
let drag = null;
let wasDragged = false;

// --- one stop of the Tab key, and the keys

function rove() {
  if (!grid()) return;
  for (const one of grid().querySelectorAll(".rh a, .c a, .c:not(:has(a))")) one.setAttribute("tabindex", "-1");
  const row = byId(stop.row) ?? rows()[0];
  if (row) (row.querySelector(".draft") ?? stopAt(row, stop.at)).setAttribute("tabindex", "0");
  byId("keys").hidden = false;
}

function focus(row, minute, keeps) {
  const one = stopAt(row, minute);
  one.focus();
  if (keeps) stop.at = minute;
}

document.addEventListener("focusin", (event) => {
  const row = event.target.closest?.("#tl .tr[id]");
  if (!row) return;
  stop = { row: row.id, at: spanOf(event.target)[0] };
  rove();
});

function moved(event, from) {
  const row = rowOf(from);
  const all = stopsOf(row);
  const every = rows();
  const beside = (by) => all[Math.min(Math.max(all.indexOf(from) + by, 0), all.length - 1)];
  const over = (by) => every[Math.min(Math.max(every.indexOf(row) + by, 0), every.length - 1)];
  const ends = event.ctrlKey ? { Home: every[0], End: every.at(-1) } : {};
  if (ends[event.key]) return () => focus(ends[event.key], stop.at, true);
  return {
    ArrowLeft: () => beside(-1).focus(),
    ArrowRight: () => beside(1).focus(),
    ArrowUp: () => focus(over(-1), stop.at, true),
    ArrowDown: () => focus(over(1), stop.at, true),
    Home: () => (all[1] ?? all[0]).focus(),
    End: () => all.at(-1).focus(),
  }[event.key];
}

document.addEventListener("keydown", (event) => {
  wasDragged = false; // a click that comes of a key is none that ends a drag
  if (event.key === "Escape" && draft) {
    leave();
    return;
  }
  const from = event.target.closest?.("#tl .tr[id] :is(a, .c)");
  if (!from || event.metaKey || event.altKey) return;
  const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const go = event.shiftKey ? by && (() => longer(from, by)) : moved(event, from);
  if (!go) return;
  event.preventDefault();
  go();
});

// Drops the draft, and puts the focus where it was.
function leave() {
  const [row, at] = [byId(draft.row), draft.first];
  drop();
  if (row) focus(row, at, true);
}

function longer(from, by) {
  if (!from.matches(".draft")) {
    if (from.matches(".free")) fromGap(from, stop.at);
    else if (!fromOwn(from)) return;
  }
  const [unit] = termsOf(byId(draft.row));
  set(draft.first, draft.last + by * unit);
  draft.link.focus();
}

document.addEventListener("click", (event) => {
  if (event.target.id === "drop") leave();
  const one = event.target.closest?.("#tl .c a");
  if (!one || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const isDraft = one.matches(".draft");
  if (isDraft || wasDragged || one.matches(".free")) event.preventDefault();
  if (wasDragged) {
    wasDragged = false;
  } else if (isDraft) {
    (byId("dock-title") ?? document.querySelector("#dock-form .go"))?.focus();
  } else if (one.matches(".free")) {
    fromGap(one, event.detail ? minuteAt(event, rowOf(one)) : stop.at);
    draft.link.focus();
  }
}, true);

// --- dragging

function edgeOf(event, one) {
  if (event.target.matches("i")) return event.target.matches(":last-child") ? "end" : "start";
  const { left, right } = one.getBoundingClientRect();
  if (event.clientX - left < NEAR) return "start";
  return right - event.clientX < NEAR ? "end" : "whole";
}

document.addEventListener("pointerdown", (event) => {
  wasDragged = false;
  const one = event.target.closest?.("#tl .c a");
  const isTouch = event.pointerType === "touch";
  if (!one || event.button || (isTouch && !one.matches(".draft"))) return;
  const at = minuteAt(event, rowOf(one));
  const part = one.matches(".free") ? "new" : edgeOf(event, one);
  drag = { one, part, at, x: event.clientX, isOn: false };
});

document.addEventListener("pointermove", (event) => {
  if (!drag) return;
  if (!drag.isOn) {
    if (Math.abs(event.clientX - drag.x) < MOVED) return;
    if (drag.part === "new") fromGap(drag.one, drag.at);
    else if (!drag.one.matches(".draft") && !fromOwn(drag.one)) {
      drag = null;
      return;
    }
    Object.assign(drag, { isOn: true, first: draft.first, last: draft.last });
  }
  pull(minuteAt(event, byId(draft.row)));
});

function pull(now) {
  const { part, at, first, last } = drag;
  if (part === "new" && now < at) set(now, at, { keepsEnd: true });
  else if (part === "new") set(first, now);
  else if (part === "start") set(first + now - at, last, { keepsEnd: true });
  else if (part === "end") set(first, last + now - at);
  else {
    const from = Math.min(Math.max(first + now - at, draft.lo), draft.hi - (last - first));
    set(from, from + last - first);
  }
}

for (const end of ["pointerup", "pointercancel"]) {
  document.addEventListener(end, () => {
    wasDragged = Boolean(drag?.isOn);
    if (wasDragged) draft.link.focus({ preventScroll: true });
    drag = null;
  });
}
document.addEventListener("dragstart", (event) => {
  if (event.target.closest?.("#tl")) event.preventDefault();
});

// --- a page that changes under a draft

let left = null;

document.addEventListener("htmx:before:swap", ({ detail }) => {
  if (detail.ctx.request.method === "POST") return;
  const one = document.activeElement?.closest("#tl .tr[id] :is(a, .c)");
  left = one && { row: rowOf(one).id, at: spanOf(one)[0], isDraft: one.matches(".draft") };
  draft?.cell.remove();
});

document.addEventListener("htmx:after:swap", ({ detail }) => {
  if (detail.ctx.request.method === "POST") {
    byId("said").textContent = ""; // the dock says what came of it
    return;
  }
  if (draft) {
    if (grid()?.dataset.day === draft.day && byId(draft.row)) draw();
    else drop();
  }
  rove();
  if (left?.isDraft && draft) draft.link.focus({ preventScroll: true });
  else if (left && byId(left.row)) stopAt(byId(left.row), left.at).focus({ preventScroll: true });
  left = null;
});

rove();
