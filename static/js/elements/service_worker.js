/* Pages that name a worker on the link to their manifest let the browser install it, once all else is loaded. */
const worker = document.querySelector('link[rel="manifest"]')?.dataset.worker;

if (worker && "serviceWorker" in navigator) {
  addEventListener("load", () => {
    navigator.serviceWorker.register(worker, { scope: "/" }).catch(() => {
      /* A browser may refuse, and the shop works without. */
    });
  });
}
