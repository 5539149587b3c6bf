/* <sort-list> around items [data-sort]: one is dragged to its place, by its [data-grip] if it has one.
   With form="id" that form is sent: with every data-sort in its new order as "block"; or, with the attribute nested, where
   items stand in each other, with the one "item" and "where" it goes: before, after or inside "ref". Without a form, [data-order] inputs are numbered
   anew; whoever types in one sees its item move. Arrow keys on a grip press the item's button with that data-key.
   Lists have buttons or numbers that do the same without a script. */
const SORTING = ["pointerdown", "dragstart", "dragover", "drop", "dragend", "change", "keydown"];

customElements.define(
  "sort-list",
  class extends HTMLElement {
    connectedCallback() {
      SORTING.forEach((type) => this.addEventListener(type, this));
    }

    get items() {
      return [...this.querySelectorAll("[data-sort]")];
    }

    handleEvent(event) {
      const item = event.target.closest?.("[data-sort]");
      if (event.type === "pointerdown") this.arm(item, event.target);
      else if (event.type === "dragstart" && item?.draggable) this.lift(item, event.dataTransfer);
      else if (event.type === "dragover" && this.held) this.aim(item, event);
      else if (event.type === "drop" && this.held) {
        event.preventDefault();
        this.put();
      } else if (event.type === "dragend" && this.held) {
        this.held.classList.remove("is-dragged");
        this.held = this.mark();
      } else if (event.type === "change" && event.target.matches("[data-order]")) {
        const others = this.items.filter((one) => one !== item);
        const place = event.target.value - 1;
        if (others[place]) others[place].before(item);
        else others.at(-1)?.after(item);
        this.number();
      } else if (event.type === "keydown" && event.target.matches("[data-grip]")) {
        const button = item.querySelector(`[data-key="${event.key}"]`);
        if (button) event.preventDefault();
        button?.click();
      }
    }

    // Only a grip drags, and where there is none no field does, so that words can still be chosen and links pressed.
    arm(item, target) {
      const can = item?.querySelector("[data-grip]") ? target.closest("[data-grip]") : !target.closest("input, textarea, select");
      for (const one of this.items) one.draggable = one === item && !!can;
    }

    lift(item, transfer) {
      this.held = item;
      transfer.effectAllowed = "move";
      transfer.setData("text/plain", item.dataset.sort);
      requestAnimationFrame(() => item.classList.add("is-dragged"));
    }

    aim(item, event) {
      if (!item || this.held.contains(item)) return this.mark();
      event.preventDefault();
      const { top, height } = (item.querySelector("[data-row]") ?? item).getBoundingClientRect();
      const down = (event.clientY - top) / height;
      const { items } = this;
      if (!this.hasAttribute("nested")) this.mark(item, items.indexOf(item) < items.indexOf(this.held) ? "before" : "after");
      else this.mark(item, down < 0.3 ? "before" : down > 0.7 ? "after" : "inside");
    }

    mark(item, where) {
      delete this.target?.dataset.drop;
      this.target = item;
      if (item) item.dataset.drop = where;
    }

    put() {
      const { target, held } = this;
      const where = target?.dataset.drop;
      if (!where) return;
      if (this.hasAttribute("nested")) return this.send({ item: held.dataset.sort, where, ref: target.dataset.sort });
      target[where](held);
      if (this.hasAttribute("form")) this.send(...this.items.map(({ dataset }) => ({ block: dataset.sort })));
      else this.number();
    }

    number() {
      this.items.forEach((one, place) => (one.querySelector("[data-order]").value = place + 1));
    }

    send(...told) {
      const form = document.getElementById(this.getAttribute("form"));
      form.querySelectorAll("[data-told]").forEach((one) => one.remove());
      for (const [name, value] of told.flatMap(Object.entries)) {
        const field = Object.assign(document.createElement("input"), { type: "hidden", name, value });
        field.dataset.told = "";
        form.append(field);
      }
      form.requestSubmit();
    }
  },
);
