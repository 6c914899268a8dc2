// The service worker, served as /sw.js behind a line that says `campus`: this release, the
// languages, the files of the shell. Pages come from the network; without one, the page "offline"
// does, with what its reader has booked. It is kept for one person alone: every page that comes
// says for whom it is, and signing in or out forgets what was kept.

const SHELL = `shell-${campus.release}`;
const MINE = `mine-${campus.release}`;
const FRESH_MS = 5 * 60_000; // what was kept since is not asked for again, unless it changed
const keptAt = {};

const offlinePage = (language) => `/${language}/offline`;
const whose = (answer) => answer.headers.get("X-Pocket") ?? "";

async function fill() {
  const shell = await caches.open(SHELL);
  const pages = campus.languages.map(offlinePage); // as a visitor sees them
  await shell.addAll(
    [...campus.shell, ...pages].map((path) => new Request(path, { credentials: "omit" })),
  );
  await self.skipWaiting();
}

async function takeOver() {
  await self.clients.claim();
  await self.registration.navigationPreload?.enable();
  const before = (await caches.keys()).filter((name) => name !== SHELL && name !== MINE);
  for (const name of before) {
    const pages = name.startsWith("mine-") ? await (await caches.open(name)).keys() : [];
    await caches.delete(name);
    for (const { url } of pages) await keep(languageOf(url));
  }
}

// --- what is kept for one person

async function forget() {
  for (const language in keptAt) delete keptAt[language];
  for (const name of await caches.keys()) {
    if (name.startsWith("mine-")) await caches.delete(name);
  }
}

async function forgetOthers(answer) {
  const isPage = answer.headers.get("Content-Type")?.startsWith("text/html");
  if (answer.type !== "basic" || answer.status >= 500 || !isPage) return; // says nothing of who
  const mine = await caches.open(MINE);
  for (const request of await mine.keys()) {
    const kept = await mine.match(request);
    if (kept && whose(kept) !== whose(answer)) return forget();
  }
}

async function keep(language, isChanged = true) {
  if (!isChanged && Date.now() - (keptAt[language] ?? 0) < FRESH_MS) return;
  // Opened first: forgotten meanwhile, it can still be written to, and nobody finds that again.
  const mine = await caches.open(MINE);
  const answer = await fetch(offlinePage(language), {
    headers: { "X-Poll": "1" }, // does not keep the session alive
    cache: "no-store",
  });
  if (!answer.ok) return;
  await forgetOthers(answer);
  await mine.put(offlinePage(language), answer);
  keptAt[language] = Date.now();
}

// --- answers

function languageOf(url) {
  const first = new URL(url).pathname.split("/")[1];
  return campus.languages.includes(first) ? first : campus.languages[0];
}

async function offline(url) {
  const path = offlinePage(languageOf(url));
  const mine = await caches.open(MINE);
  const [other] = await mine.keys();
  const kept = (await mine.match(path)) ?? (other && (await mine.match(other)));
  return kept ?? (await caches.match(path, { cacheName: SHELL })) ?? Response.error();
}

async function visit(event) {
  try {
    const answer = (await event.preloadResponse) ?? (await fetch(event.request));
    event.waitUntil(forgetOthers(answer));
    return answer;
  } catch {
    return offline(event.request.url);
  }
}

async function stored(request) {
  return (await caches.match(request.url, { cacheName: SHELL })) ?? fetch(request);
}

self.addEventListener("install", (event) => event.waitUntil(fill()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));

self.addEventListener("message", (event) => {
  const { language, isChanged } = event.data;
  event.waitUntil(keep(language, isChanged));
});

self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (origin !== location.origin) return;
  if (method !== "GET") {
    if (/\/sign-(in|out)$/.test(pathname)) event.waitUntil(forget());
  } else if (mode === "navigate") {
    event.respondWith(visit(event));
  } else if (campus.shell.includes(pathname)) {
    event.respondWith(stored(event.request));
  }
});
