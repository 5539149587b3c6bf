/* <sort-list form="id"> around a list whose items have data-sort and a [data-grip]: drag one to its place, and the form is
   sent with every data-sort in its new order as "block". The list has buttons that do the same without a script. */
customElements.define(
  "sort-list",
  class extends HTMLElement {
    connectedCallback() {
      for (const type of ["pointerdown", "dragstart", "dragover", "dragend", "drop"]) this.addEventListener(type, this);
    }

    get items() {
      return [...this.querySelectorAll("[data-sort]")];
    }

    handleEvent(event) {
      const item = event.target.closest("[data-sort]");
      if (event.type === "pointerdown") {
        // Only a grip drags, so that words can still be chosen and links pressed.
        for (const one of this.items) one.draggable = one === item && !!event.target.closest("[data-grip]");
      } else if (event.type === "dragstart" && item?.draggable) {
        this.dragged = item;
        this.before = this.order();
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", item.dataset.sort);
        requestAnimationFrame(() => item.classList.add("is-dragged"));
      } else if (event.type === "dragover" && this.dragged) {
        event.preventDefault();
        if (!item || item === this.dragged) return;
        const { top, height } = item.getBoundingClientRect();
        item[event.clientY > top + height / 2 ? "after" : "before"](this.dragged);
      } else if (event.type === "drop") {
        event.preventDefault();
      } else if (event.type === "dragend" && this.dragged) {
        this.dragged.classList.remove("is-dragged");
        this.dragged = undefined;
        if (this.order() !== this.before) this.send();
      }
    }

    order() {
      return this.items.map((one) => one.dataset.sort).join();
    }

    send() {
      const form = document.getElementById(this.getAttribute("form"));
      form.querySelectorAll("[name=block]").forEach((one) => one.remove());
      for (const { dataset } of this.items) {
        form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "block", value: dataset.sort }));
      }
      form.requestSubmit();
    }
  },
);
