/* <copy-text value="…"> around a button: puts the value on the clipboard and says so.
   The button carries needs-js, because without a script the reader selects the text instead. */
customElements.define(
  "copy-text",
  class extends HTMLElement {
    connectedCallback() {
      this.addEventListener("click", this);
    }

    async handleEvent(event) {
      if (!event.target.closest("button")) return;
      await navigator.clipboard.writeText(this.getAttribute("value"));
      const detail = this.dataset.done;
      if (detail) document.body.dispatchEvent(new CustomEvent("toast", { detail }));
    }
  },
);
