/* <moderation-queue> around cards [data-item]: j and k move, a approves, x opens the rejection, r the answer. */
customElements.define(
  "moderation-queue",
  class extends HTMLElement {
    connectedCallback() {
      document.addEventListener("keydown", this);
    }

    disconnectedCallback() {
      document.removeEventListener("keydown", this);
    }

    handleEvent(event) {
      const typing = event.target.closest?.("input:not([type=checkbox]), textarea, select");
      if (typing || event.metaKey || event.ctrlKey || event.altKey) return;
      const items = [...this.querySelectorAll("[data-item]")];
      const here = items.findIndex((item) => item.contains(document.activeElement));
      const way = { j: 1, k: -1 }[event.key];
      if (way) this.go(items[Math.min(items.length - 1, Math.max(0, here + way))], event);
      else if (here >= 0) this.act(items[here], event);
    }

    go(item, event) {
      if (!item) return;
      event.preventDefault();
      item.focus({ preventScroll: true });
      item.scrollIntoView({ block: "nearest" });
    }

    act(item, event) {
      if (event.key === "a") item.querySelector("[data-approve]")?.click();
      const more = { x: "[data-reject]", r: "[data-reply]" }[event.key];
      const box = more && item.querySelector(more);
      if (!box) return;
      event.preventDefault();
      box.open = true;
      box.querySelector("select, textarea").focus();
    }
  },
);
