/* <share-sheet data-url data-title>: offers the device's own way of sharing where there is one. */
customElements.define(
  "share-sheet",
  class extends HTMLElement {
    connectedCallback() {
      const button = this.querySelector("[data-native]");
      if (!button || !navigator.share) return;
      button.hidden = false;
      button.addEventListener("click", this);
    }

    async handleEvent() {
      try {
        await navigator.share({ title: this.dataset.title, url: this.dataset.url });
      } catch (error) {
        if (error.name !== "AbortError") throw error;
      }
    }
  },
);
