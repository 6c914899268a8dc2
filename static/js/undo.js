// What the dock says becomes an event for whoever must know: "booked", "changed", "undone". And what
// can be undone for some seconds says so no longer when they are over; the server counts them, and
// without this file says the same when the button is pressed.

const timed = new WeakSet();

function arm() {
  for (const words of document.querySelectorAll("[data-undo-left]")) {
    if (timed.has(words)) continue;
    timed.add(words);
    setTimeout(() => end(words), words.dataset.undoLeft * 1000);
  }
}

// The button stays where it is, so that nothing moves under a finger, and keeps the focus.
function end(words) {
  if (!words.isConnected || !words.dataset.undoOver) return; // a morph made it something else
  const box = words.closest("p, .what");
  box.style.minBlockSize = `${box.getBoundingClientRect().height}px`;
  words.textContent = words.dataset.undoOver;
  for (const form of document.querySelectorAll("[data-undo]")) {
    form.querySelector("button").setAttribute("aria-disabled", "true");
  }
}

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-undo] [aria-disabled=true]")) event.preventDefault();
}, true);

document.addEventListener("htmx:after:swap", ({ detail }) => {
  arm();
  const state = detail.ctx.request.method === "POST" && document.getElementById("dock")?.classList[1];
  if (state) document.dispatchEvent(new Event(state));
});
arm();
