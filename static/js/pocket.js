// Lets the service worker keep what the reader has booked, for a moment without a network.
// Without this file nothing is kept, and nothing else changes.

const { serviceWorker } = navigator; // there on https and on this machine

async function keep(isChanged) {
  const { active } = await serviceWorker.ready;
  active.postMessage({ language: document.documentElement.lang, isChanged });
}

if (serviceWorker) {
  serviceWorker.register("/sw.js");
  keep(/\/(me|bookings)\b/.test(location.pathname)); // where something was just booked or changed
  for (const done of ["booked", "undone"]) {
    document.addEventListener(done, () => keep(true));
  }
}
