// Keeps the day of rooms true while it is open. Links change the page in place, and what is free is
// asked again every half minute; focus, scroll and what was chosen stay. Without this file every
// link works by itself.

import "./here.js";

const EVERY = 30_000;
const { htmx } = window;
const byId = (id) => document.getElementById(id);
let asked = Date.now();
let lostAt = "";

htmx.registerExtension("rooms", {
  htmx_before_morph_attr: (element, { attrName }) =>
    !(attrName === "tabindex" && element.closest("#tl")) && !(attrName === "hidden" && element.id === "keys"),
});

const isSending = () => Boolean(document.querySelector("form.htmx-request"));

function ask(href, more) {
  asked = Date.now();
  htmx.ajax("GET", href, { source: "#rooms", target: "#rooms", swap: "outerMorph", ...more });
}

export function askAgain() {
  if (!document.hidden && !isSending()) ask(byId("rooms").dataset.live, { headers: { "X-Poll": "1" } });
}

setInterval(askAgain, EVERY);
addEventListener("online", askAgain);
document.addEventListener("visibilitychange", () => {
  if (Date.now() - asked >= EVERY) askAgain();
});

// --- going from state to state

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("#rooms a[href]");
  const isPlain = !(event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (!link || !isPlain || event.defaultPrevented) return;
  if (new URL(link.href).pathname !== location.pathname) return;
  event.preventDefault();
  if (!isSending()) ask(link.getAttribute("href"), { push: "true" });
});

document.addEventListener("keydown", (event) => {
  const to = { ArrowLeft: "earlier", ArrowRight: "later" }[event.key];
  const isPlain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (!to || !isPlain || !event.target.closest?.("#days")) return;
  event.preventDefault();
  byId(to)?.focus();
  byId(to)?.click();
});

// --- answers

function say(words) {
  byId("network").textContent = words;
  byId("network").classList.toggle("on", Boolean(words));
}

function lost() {
  const { zone: timeZone, lost: words } = byId("network").dataset;
  lostAt ||= new Date().toLocaleTimeString("nl", { timeZone, hour: "2-digit", minute: "2-digit" });
  say(words.replace("{time}", lostAt));
}

document.addEventListener("htmx:before:swap", (event) => {
  const { ctx } = event.detail;
  const isDock = ctx.request.method === "POST";
  if (ctx.response.status < 400 || (isDock && ctx.text.includes('id="dock"'))) {
    lostAt = "";
    say("");
    return;
  }
  event.preventDefault();
  if (isDock) ctx.sourceElement.closest("form").submit(); // the page, with its own words
  else if (ctx.request.headers["X-Poll"]) lost();
  else location.assign(ctx.request.action);
});

document.addEventListener("htmx:after:swap", (event) => {
  const { ctx } = event.detail;
  if (ctx.request.method === "POST") {
    byId("dock").hidden = false;
    byId("dock-said")?.focus({ preventScroll: true }); // a sticky dock is in view already
    askAgain();
  } else if (!ctx.request.headers["X-Poll"]) {
    document.title = document.title.replace(/^.*(?= — )/, byId("heading").textContent);
    if (document.activeElement === document.body) (byId("free-h") ?? byId("now")).focus();
  }
});

document.addEventListener("htmx:error", lost);
