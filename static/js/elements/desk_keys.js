/* <desk-keys> around the dialog that lists them: keys for those who live in the back office all day. j and k walk over
   the rows of a list, x ticks one, Enter opens it, / goes to the search, g and a letter to a page, ? shows the list.
   Nothing happens while somebody types, or with Ctrl, Alt or ⌘ held. */
customElements.define(
  "desk-keys",
  class extends HTMLElement {
    connectedCallback() {
      this.dialog = this.querySelector("dialog");
      document.addEventListener("keydown", this);
    }

    disconnectedCallback() {
      document.removeEventListener("keydown", this);
    }

    handleEvent(event) {
      const typing = event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
      if (typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      if (document.querySelector("dialog[open]")) return;
      const key = event.key;
      if (this.goes) {
        this.goes = false;
        const link = this.querySelector(`a[data-go="${CSS.escape(key)}"]`);
        if (link) return this.done(event, () => link.click());
      }
      if (key === "g") this.goes = true;
      else if (key === "?") this.done(event, () => this.dialog.showModal());
      else if (key === "/") this.done(event, () => document.querySelector("main input[type=search]")?.focus());
      else if (key === "j" || key === "k") this.done(event, () => this.walk(key === "j" ? 1 : -1));
      else if (key === "x") this.done(event, () => this.row()?.querySelector("input[data-row]")?.click());
    }

    done(event, step) {
      event.preventDefault();
      step();
    }

    rows() {
      return [...document.querySelectorAll("main tbody tr")].filter((row) => row.querySelector("a"));
    }

    /* The row in which the focus is; Enter on its link opens it, as everywhere. */
    row() {
      return document.activeElement?.closest("main tbody tr");
    }

    walk(step) {
      const rows = this.rows();
      const place = rows.indexOf(this.row());
      const next = place < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(place + step, 0), rows.length - 1);
      rows[next]?.querySelector("a").focus();
    }
  },
);
