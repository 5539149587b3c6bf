/* There is to be no service worker: whoever has one gets rid of it and of all that it kept. */
self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => {
  event.waitUntil(end());
});

async function end() {
  for (const name of await caches.keys()) {
    if (name.startsWith("offline-")) await caches.delete(name);
  }
  await self.registration.unregister();
}
