/* <share-sheet data-url data-title> around <details>: offers the device's own way of sharing where there is one, and
   closes on Escape or a click elsewhere, as a menu does. */
customElements.define(
  "share-sheet",
  class extends HTMLElement {
    connectedCallback() {
      this.details = this.querySelector("details");
      const button = this.querySelector("[data-native]");
      if (navigator.share) {
        button.hidden = false;
        button.addEventListener("click", () => this.share());
      }
      this.addEventListener("keydown", this);
      document.addEventListener("click", this);
    }

    disconnectedCallback() {
      document.removeEventListener("click", this);
    }

    handleEvent(event) {
      if (event.type === "click" && !this.contains(event.target)) this.details.open = false;
      if (event.key === "Escape" && this.details.open) {
        this.details.open = false;
        this.querySelector("summary").focus();
      }
    }

    async share() {
      try {
        await navigator.share({ title: this.dataset.title, url: this.dataset.url });
      } catch (error) {
        if (error.name !== "AbortError") throw error;
      }
    }
  },
);
