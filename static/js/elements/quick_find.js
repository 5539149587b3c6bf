/* <quick-find for="id"> around a link: Ctrl K, ⌘K and the link open the <dialog> with the search of the back office.
   The arrows walk over what was found, Enter opens it; Enter in the field goes to the page of the search. */
customElements.define(
  "quick-find",
  class extends HTMLElement {
    connectedCallback() {
      this.dialog = document.getElementById(this.getAttribute("for"));
      this.addEventListener("click", this);
      document.addEventListener("keydown", this);
      const key = this.querySelector("kbd");
      if (key && /Mac|iPhone|iPad/.test(navigator.platform)) key.textContent = "⌘K";
    }

    disconnectedCallback() {
      document.removeEventListener("keydown", this);
    }

    handleEvent(event) {
      const wants = event.type === "click" || ((event.ctrlKey || event.metaKey) && event.key === "k");
      if (wants && !(event.type === "click" && (event.ctrlKey || event.metaKey))) return this.open(event);
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && this.dialog?.open) this.walk(event, step);
    }

    open(event) {
      if (!this.dialog) return;
      event.preventDefault();
      if (!this.dialog.open) this.dialog.showModal();
      this.dialog.querySelector("input").select();
      this.dialog.onclick = (click) => {
        if (click.target === this.dialog) this.dialog.close();
      };
    }

    walk(event, step) {
      const stops = [this.dialog.querySelector("input"), ...this.dialog.querySelectorAll("[data-hit]")];
      const place = stops.indexOf(document.activeElement);
      event.preventDefault();
      stops[(place + step + stops.length) % stops.length].focus();
    }
  },
);
