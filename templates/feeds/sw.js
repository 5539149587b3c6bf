/* The service worker: keeps a page for the time without a network, with its style sheet, and nothing
   else. Pages of the shop always come from the shop; none is ever stored. */
const { cache, pages, first, assets } = {{ facts|safe }};
const ours = "offline-";
const kept = [...Object.values(pages).map((page) => page.url), ...assets];

self.addEventListener("install", (event) => {
  event.waitUntil(keep().then(() => self.skipWaiting()));
});

async function keep() {
  const store = await caches.open(cache);
  await Promise.all(
    kept.map(async (url) => {
      const answer = await fetch(url, { cache: "reload", credentials: "omit", redirect: "error" });
      if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
      await store.put(url, answer);
    }),
  );
}

self.addEventListener("activate", (event) => {
  event.waitUntil(begin());
});

async function begin() {
  for (const name of await caches.keys()) {
    if (name.startsWith(ours) && name !== cache) await caches.delete(name);
  }
  await self.registration.navigationPreload?.enable();
  await self.clients.claim();
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event, url));
  else if (assets.includes(url.pathname)) event.respondWith(asset(request, url));
});

/* From the network, as without a worker; only when that cannot be reached, what we kept. */
async function page(event, url) {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch (error) {
    const answer = await caches.match(pageFor(url.pathname), { cacheName: cache });
    if (!answer) throw error;
    return answer;
  }
}

/* In the language of the address that was asked for. */
function pageFor(path) {
  const others = Object.values(pages).filter((one) => one.prefix !== pages[first].prefix);
  return (others.find((one) => `${path}/`.startsWith(one.prefix)) ?? pages[first]).url;
}

/* These never change under their name. */
async function asset(request, url) {
  return (await caches.match(url.pathname, { cacheName: cache })) ?? fetch(request);
}
