/* <drag-order> around rows [data-drag]: dragging one gives all of them new numbers in their [data-order] inputs.
   The numbers can be typed as well; whoever types one sees the row move. */
customElements.define(
  "drag-order",
  class extends HTMLElement {
    connectedCallback() {
      for (const row of this.rows()) {
        row.draggable = true;
        for (const field of row.querySelectorAll("input")) {
          field.onfocus = () => (row.draggable = false); // else text in it could not be selected
          field.onblur = () => (row.draggable = true);
        }
      }
      for (const name of ["dragstart", "dragover", "drop", "dragend", "change"]) this.addEventListener(name, this);
    }

    rows() {
      return [...this.querySelectorAll("[data-drag]")];
    }

    handleEvent(event) {
      const row = event.target.closest("[data-drag]");
      if (event.type === "dragstart") {
        this.held = row;
        event.dataTransfer.effectAllowed = "move";
      } else if (event.type === "dragend") this.held = null;
      else if (event.type === "change" && event.target.matches("[data-order]")) this.place(row, event.target.value - 1);
      else if (this.held && row) {
        event.preventDefault();
        if (event.type === "drop") this.place(this.held, this.rows().indexOf(row));
      }
    }

    place(row, to) {
      const others = this.rows().filter((one) => one !== row);
      if (others[to]) others[to].before(row);
      else others.at(-1)?.after(row);
      this.rows().forEach((one, place) => (one.querySelector("[data-order]").value = place + 1));
    }
  },
);
