/* <search-box url="…" wait="200"> around the search form: an ARIA 1.2 combobox whose list the server makes.
   The markup lies in templates/components/search.html, the list in templates/search/_hints.html; without a script
   the form simply submits. Suggestions that do not come are not missed, so this asks by itself and not through htmx,
   whose failures are announced. Nothing is asked while an input method composes. */
customElements.define(
  "search-box",
  class extends HTMLElement {
    connectedCallback() {
      this.input = this.querySelector("input[type=search]");
      this.panel = this.querySelector("[role=listbox]");
      this.status = this.querySelector("[role=status]");
      this.kept = new Map();
      for (const [name, value] of [
        ["role", "combobox"],
        ["aria-autocomplete", "list"],
        ["aria-expanded", "false"],
        ["aria-controls", this.panel.id],
      ])
        this.input.setAttribute(name, value);
      for (const name of ["input", "keydown", "focusin", "focusout", "compositionend"])
        this.addEventListener(name, this);
      // A click on a hint must not take the focus from the box first: the list would close under the pointer.
      this.panel.addEventListener("pointerdown", (event) => event.preventDefault());
    }

    disconnectedCallback() {
      this.stop();
    }

    handleEvent(event) {
      if (event.type === "keydown") this.key(event);
      else if (event.type === "focusout") this.left(event);
      else if (event.target === this.input && !event.isComposing) {
        // The box of a page of results has its words already; only an empty one offers something at once.
        if (event.type !== "focusin" || !this.input.value) this.soon(event.type === "focusin" ? 0 : undefined);
      }
    }

    soon(wait = Number(this.getAttribute("wait"))) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.ask(), wait);
    }

    stop() {
      clearTimeout(this.timer);
      this.request?.abort();
      this.request = null;
    }

    async ask() {
      const words = this.input.value.trim().replace(/\s+/g, " ");
      this.request?.abort();
      const request = (this.request = new AbortController());
      try {
        this.show(this.kept.get(words) ?? (await this.fetched(words, request.signal)));
      } catch {
        if (request === this.request) this.close(); // offline, throttled; not just overtaken by a newer one
      }
    }

    async fetched(words, signal) {
      const address = `${this.getAttribute("url")}?${new URLSearchParams({ q: words })}`;
      const answer = await fetch(address, { signal });
      if (!answer.ok) throw new Error(answer.status);
      const html = await answer.text();
      this.kept.set(words, html);
      return html;
    }

    show(html) {
      if (document.activeElement !== this.input) return;
      this.panel.innerHTML = html;
      const has = this.options.length > 0;
      this.panel.hidden = !has;
      this.input.setAttribute("aria-expanded", String(has));
      this.mark(null);
      this.status.textContent = this.panel.querySelector("[data-said]")?.dataset.said ?? "";
    }

    close() {
      this.stop();
      this.panel.hidden = true;
      this.input.setAttribute("aria-expanded", "false");
      this.mark(null);
    }

    left(event) {
      if (!this.contains(event.relatedTarget)) this.close();
    }

    get options() {
      return [...this.panel.querySelectorAll("[role=option]")];
    }

    mark(option) {
      this.marked?.setAttribute("aria-selected", "false");
      this.marked = option;
      if (!option) return this.input.removeAttribute("aria-activedescendant");
      option.setAttribute("aria-selected", "true");
      this.input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    }

    key(event) {
      // Safari ends a composition before the Enter that chose; 229 tells.
      if (event.isComposing || event.keyCode === 229 || event.target !== this.input) return;
      const keys = { ArrowDown: 1, ArrowUp: -1 };
      if (this.panel.hidden) {
        if (event.key === "ArrowDown") this.soon(0);
        return;
      }
      const all = this.options;
      const at = all.indexOf(this.marked);
      if (event.key in keys) {
        this.stop(); // a list does not change under the hand that chooses from it
        // One step beyond either end is the box itself.
        const next = (at + 1 + keys[event.key] + all.length + 1) % (all.length + 1);
        this.mark(all[next - 1] ?? null);
      } else if (at >= 0 && event.key === "Home") this.mark(all[0]);
      else if (at >= 0 && event.key === "End") this.mark(all.at(-1));
      else if (at >= 0 && event.key === "Enter") this.marked.click();
      else if (event.key === "Escape") this.close();
      else return;
      event.preventDefault();
    }
  },
);
