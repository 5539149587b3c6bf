/* <photo-lightbox> around links [data-photo] and one <dialog class="photo-box">: opens them large, one after the other
   (arrow keys too). Without a script a link opens its picture by itself. */
customElements.define(
  "photo-lightbox",
  class extends HTMLElement {
    connectedCallback() {
      this.addEventListener("click", this);
      this.addEventListener("keydown", this);
    }

    get dialog() {
      return this.querySelector("dialog.photo-box");
    }

    handleEvent(event) {
      if (event.type === "keydown") {
        const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (way && this.dialog.open) this.show(this.place + way);
        return;
      }
      const way = event.target.closest("[data-way]");
      if (way) this.show(this.place + Number(way.dataset.way));
      if (event.target === this.dialog) this.dialog.close();
      const link = event.target.closest("a[data-photo]");
      if (!link || event.metaKey || event.ctrlKey) return;
      event.preventDefault();
      const seen = new Set();
      this.links = [...this.querySelectorAll("a[data-photo]")].filter((one) => !seen.has(one.href) && seen.add(one.href));
      this.dialog.showModal();
      this.show(this.links.findIndex((one) => one.href === link.href));
    }

    show(place) {
      const total = this.links.length;
      this.place = (place + total) % total;
      const link = this.links[this.place];
      const picture = Object.assign(new Image(), { className: "photo-box__picture", src: link.href });
      picture.alt = link.querySelector("img").alt;
      this.dialog.querySelector(".photo-box__stage").replaceChildren(picture);
      this.dialog.querySelector("[data-place]").textContent = `${this.place + 1} / ${total}`;
      const review = this.dialog.querySelector("[data-review]");
      review.hidden = !link.dataset.from;
      review.href = link.dataset.from || "";
      this.dialog.querySelectorAll("[data-way]").forEach((button) => {
        button.hidden = total < 2;
      });
    }
  },
);
