/* <picture-zoom> around a <dialog>: one picture as large as the window. A click, Enter or the button makes it 2.5 times
   as large at that point; it is moved by dragging or the arrow keys and sized by two fingers, the wheel, + and -.
   At its own size arrows and swipes lead to the next picture. `open(links, index)`: links around images, to large files. */
customElements.define(
  "picture-zoom",
  class extends HTMLElement {
    connectedCallback() {
      this.dialog = this.querySelector("dialog");
      this.stage = this.querySelector(".lightbox__stage");
      this.picture = Object.assign(new Image(), { className: "lightbox__picture", draggable: false });
      this.stage.replaceChildren(this.picture);
      this.toggle = this.querySelector("[data-zoom]");
      this.fingers = new Map();
      ["click", "keydown"].forEach((name) => this.dialog.addEventListener(name, this));
      ["pointerdown", "pointermove", "pointerup", "pointercancel"].forEach((name) => this.stage.addEventListener(name, this));
      this.stage.addEventListener("wheel", this, { passive: false });
      this.dialog.addEventListener("close", this);
    }

    open(links, index) {
      this.links = links;
      this.dialog.showModal();
      this.show(index);
    }

    show(index) {
      if (!this.links[index]) return;
      this.index = index;
      const small = this.links[index].querySelector("img");
      this.picture.src = this.links[index].href;
      this.picture.alt = small.alt;
      this.querySelector(".lightbox__count").textContent = `${index + 1} / ${this.links.length}`;
      this.querySelectorAll("[data-step]").forEach((one) => (one.disabled = !this.links[index + Number(one.dataset.step)]));
      this.place(1, 0, 0);
    }

    /* Scale and offset from the middle, in pixels; the picture never leaves the stage. */
    place(scale, x, y) {
      this.scale = Math.min(4, Math.max(1, scale));
      const [far, high] = ["clientWidth", "clientHeight"].map((side) => (this.stage[side] * (this.scale - 1)) / 2);
      this.x = Math.min(far, Math.max(-far, x));
      this.y = Math.min(high, Math.max(-high, y));
      this.picture.style.transform = `translate(${this.x}px, ${this.y}px) scale(${this.scale})`;
      this.stage.toggleAttribute("data-large", this.scale > 1);
      this.toggle.setAttribute("aria-pressed", String(this.scale > 1));
    }

    /* Keeps the point under the pointer where it is. */
    zoomAt(scale, event) {
      const box = this.stage.getBoundingClientRect();
      const dx = event.clientX - box.x - box.width / 2;
      const dy = event.clientY - box.y - box.height / 2;
      const ratio = Math.min(4, Math.max(1, scale)) / this.scale;
      this.place(scale, dx - (dx - this.x) * ratio, dy - (dy - this.y) * ratio);
    }

    handleEvent(event) {
      const name = { pointerdown: "down", pointermove: "move", pointercancel: "up", pointerup: "up" }[event.type];
      this[name ?? event.type](event);
    }

    close() {
      this.dispatchEvent(new CustomEvent("picture-seen", { bubbles: true, detail: this.index }));
    }

    click(event) {
      const step = event.target.closest("[data-step]");
      if (step) this.show(this.index + Number(step.dataset.step));
      else if (event.target.closest("[data-zoom]")) this.place(this.scale > 1 ? 1 : 2.5, 0, 0);
      else if (event.target.closest(".lightbox__stage") && !this.hasMoved) {
        if (this.scale > 1) this.place(1, 0, 0);
        else this.zoomAt(2.5, event);
      }
    }

    keydown(event) {
      const [far, high] = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key] ?? [];
      if (far !== undefined && this.scale > 1) this.place(this.scale, this.x + far * 80, this.y + high * 80);
      else if (far) this.show(this.index - far);
      else if (event.key === "Home" || event.key === "End") this.show(event.key === "Home" ? 0 : this.links.length - 1);
      else if (event.key === "+" || event.key === "=") this.place(this.scale * 1.5, this.x * 1.5, this.y * 1.5);
      else if (event.key === "-") this.place(this.scale / 1.5, this.x / 1.5, this.y / 1.5);
      else return;
      event.preventDefault();
    }

    wheel(event) {
      event.preventDefault();
      this.zoomAt(this.scale * (event.deltaY < 0 ? 1.2 : 1 / 1.2), event);
    }

    down(event) {
      this.fingers.set(event.pointerId, event);
      this.stage.setPointerCapture(event.pointerId);
      if (this.fingers.size === 1) [this.start, this.hasMoved] = [event, false];
    }

    move(event) {
      const before = this.fingers.get(event.pointerId);
      if (!before) return;
      const other = [...this.fingers.values()].find((one) => one.pointerId !== event.pointerId);
      if (Math.hypot(event.clientX - this.start.clientX, event.clientY - this.start.clientY) > 8) this.hasMoved = true;
      if (other) {
        const apart = (one) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY) || 1;
        this.zoomAt((this.scale * apart(event)) / apart(before), event);
      } else if (this.scale > 1) {
        this.place(this.scale, this.x + event.clientX - before.clientX, this.y + event.clientY - before.clientY);
      }
      this.fingers.set(event.pointerId, event);
    }

    up(event) {
      const wasAlone = this.fingers.size === 1 && this.fingers.delete(event.pointerId);
      this.fingers.delete(event.pointerId);
      const way = event.clientX - (this.start?.clientX ?? event.clientX);
      if (wasAlone && this.scale === 1 && event.type === "pointerup" && Math.abs(way) > 60) this.show(this.index - Math.sign(way));
    }
  },
);
