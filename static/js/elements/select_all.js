/* <select-all> around an index table: one box ticks all rows, and the bulk bar says how many are ticked. */
customElements.define(
  "select-all",
  class extends HTMLElement {
    connectedCallback() {
      this.addEventListener("change", this);
      this.refresh();
    }

    rows() {
      return [...this.querySelectorAll("input[data-row]")];
    }

    handleEvent(event) {
      if (event.target.matches("input[data-all]")) {
        this.rows().forEach((box) => {
          box.checked = event.target.checked;
        });
      }
      this.refresh();
    }

    refresh() {
      const rows = this.rows();
      const ticked = rows.filter((box) => box.checked).length;
      const all = this.querySelector("input[data-all]");
      if (all) {
        all.checked = ticked > 0 && ticked === rows.length;
        all.indeterminate = ticked > 0 && ticked < rows.length;
      }
      this.querySelectorAll("[data-ticked]").forEach((place) => {
        place.textContent = ticked;
      });
      this.toggleAttribute("data-some", ticked > 0);
    }
  },
);
