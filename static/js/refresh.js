// Keeps the Book page true while it is open. Links and the form change the page in place, and what
// is free is asked again every half minute; focus, scroll, open details and typed text stay.
// Without this file every link and every button works by itself.

import "./here.js";

const EVERY = 30_000;
const { htmx } = window;
const byId = (id) => document.getElementById(id);
let asked = Date.now();

// --- what a morph must leave alone: what the reader or a script did, and the server cannot know

function isOurs(element, name) {
  if (name === "open") return element.matches("details");
  if (name === "hidden") return element.matches("#zoom, #keys");
  if (name === "viewBox" || name === "data-zoomed") return "zoomed" in element.dataset;
  return name === "tabindex" && Boolean(element.closest("[data-plan]"));
}

htmx.registerExtension("book", {
  htmx_before_morph_attr: (element, { attrName }) => !isOurs(element, attrName),
});

// --- going from state to state

function isSending() {
  return Boolean(document.querySelector("#dock .htmx-request"));
}

function go(href, { isChoice = false } = {}) {
  asked = Date.now();
  htmx.ajax("GET", href, {
    source: "#book",
    target: "#book",
    swap: "outerMorph",
    [isChoice ? "replace" : "push"]: "true",
  });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("#book a[href]");
  const isPlain = !(event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (!link || !isPlain || event.defaultPrevented) return;
  const href = link.getAttribute("href");
  if (new URL(href, location).pathname !== location.pathname || href.startsWith("#")) return;
  event.preventDefault();
  if (!isSending()) go(href, { isChoice: "choose" in link.dataset });
});

function search(form) {
  const said = [...new FormData(form)].filter(([, value]) => value);
  go(`${form.getAttribute("action")}?${new URLSearchParams(said)}`);
}

document.addEventListener("change", (event) => {
  const form = event.target.closest("#ask");
  if (form && event.target.validity.valid) search(form);
});

document.addEventListener("submit", (event) => {
  if (event.target.id !== "ask") return;
  event.preventDefault();
  search(event.target);
});

// --- the wishes float over a wide page: they close like anything that does

const wide = matchMedia("(min-width: 60.01rem)");

function closeWishes(event) {
  const wish = byId("wish");
  if (!wish?.open || !wide.matches || (event.type === "click" && wish.contains(event.target))) return;
  if (event.type === "keydown") wish.querySelector("summary").focus();
  wish.open = false;
}

document.addEventListener("click", closeWishes);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeWishes(event);
});

// --- by keys: choosing the chosen place once more leads to the button that books it

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  const again = event.target.closest?.("#book a[data-choose][aria-current]");
  const button = again && document.querySelector("#dock .btn.go");
  // A key that is held down neither leads there nor books.
  if (event.repeat && event.target.closest?.("#dock, #book a[data-choose]")) event.preventDefault();
  else if (button) {
    event.preventDefault();
    button.focus({ preventScroll: true });
  }
});

// --- asking again

// What was booked or refused stays in the dock until somebody goes on.
function isAnswered() {
  return byId("dock").className !== "dock";
}

function pollHeaders() {
  return { "X-Poll": "1", ...(isAnswered() && { "X-Answered": "1" }) };
}

function askAgain() {
  const page = byId("book");
  if (!page || !byId("found") || document.hidden || isSending()) return;
  asked = Date.now();
  htmx.ajax("GET", page.dataset.live, {
    source: "#found",
    target: "#found",
    select: "#found",
    selectOOB: "#dock:outerMorph,#days:outerMorph,#views:outerMorph",
    swap: "outerMorph",
    headers: pollHeaders(),
  });
}

// Everything but the dock follows what the dock says: its place, at its time.
function followDock() {
  if (!byId("found")) return;
  const href = new URL(byId("book").dataset.live, location);
  for (const [name, value] of new URLSearchParams(byId("dock").dataset.seen)) {
    href.searchParams.set(name, value);
  }
  asked = Date.now();
  htmx.ajax("GET", `${href.pathname}${href.search}`, {
    source: "#found",
    target: "#book",
    swap: "outerMorph",
    headers: pollHeaders(),
    replace: "true",
  });
}

setInterval(askAgain, EVERY);
document.addEventListener("visibilitychange", () => {
  if (Date.now() - asked >= EVERY) askAgain();
});

// --- answers

document.addEventListener("htmx:before:swap", (event) => {
  const { ctx, tasks } = event.detail;
  if (ctx.request.headers["X-Poll"] && (isAnswered() || isSending())) {
    tasks.splice(0, tasks.length, ...tasks.filter(({ target }) => target !== byId("dock")));
    byId("dock").toggleAttribute("hx-morph-skip", true);
  }
  const isDock = ctx.request.method === "POST";
  if (ctx.response.status < 400 || (isDock && ctx.text.includes('id="dock"'))) return;
  event.preventDefault();
  if (isDock) ctx.sourceElement.closest("form").submit(); // the page, with its own words
  else if (!ctx.request.headers["X-Poll"]) location.assign(ctx.request.action);
});

document.addEventListener("htmx:after:swap", (event) => {
  const { ctx } = event.detail;
  byId("dock")?.removeAttribute("hx-morph-skip");
  if (ctx.request.method === "POST") {
    byId("dock-said")?.focus({ preventScroll: true }); // a sticky dock is in view already
    followDock();
  } else if (ctx.target === byId("book")) {
    byId("ask")?.reset(); // a choice that was put right is shown as it is now
    if (!ctx.request.headers["X-Poll"] && document.activeElement === document.body) byId("pl")?.focus();
  }
});

document.addEventListener("htmx:error", (event) => {
  const { ctx } = event.detail;
  const said = byId("dock-what");
  if (ctx?.request.method === "POST" && said) said.textContent = byId("dock").dataset.offline;
});
