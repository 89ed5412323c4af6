// Keeps the packages for later visits.  The page names the digest of all packages when it asks for this file, so that
// what is kept is never stale.
const PREFIX = "spanner-reference-play";
const KEPT = PREFIX + location.search;

const clean = async () => {
  await clients.claim();
  try {
    for (const name of await caches.keys()) if (name.startsWith(PREFIX) && name !== KEPT) await caches.delete(name);
  } catch { /* storage is forbidden: there is nothing to clean */ }
};

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clean()));
addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== location.origin || !address.pathname.includes("/packages/")) return;
  event.respondWith((async () => {
    let store;
    try { store = await caches.open(KEPT); } catch { return fetch(event.request); }
    const found = await store.match(event.request);
    if (found) return found;
    const response = await fetch(event.request);
    if (response.ok) try { await store.put(event.request, response.clone()); } catch { /* no room: fetched again next time */ }
    return response;
  })());
});
