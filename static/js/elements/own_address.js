/* <own-address href>: what was answered at another address stands in the bar under its own, so that it can be loaded
   anew and kept; what the payment page wrote into the other one is gone with it. */
customElements.define(
  "own-address",
  class extends HTMLElement {
    connectedCallback() {
      const own = new URL(this.getAttribute("href"), location.href);
      if (own.origin !== location.origin || own.pathname === location.pathname) return;
      history.replaceState(history.state, "", own.pathname);
    }
  },
);
