/* <picture-gallery>: thumbnails are links to the pictures of a row that scrolls sideways (so a swipe works by itself);
   this marks the one in view, scrolls without a jump of the page, and listens to the arrow keys. */
customElements.define(
  "picture-gallery",
  class extends HTMLElement {
    connectedCallback() {
      this.row = this.querySelector(".gallery__row");
      this.slides = [...this.querySelectorAll(".gallery__slide")];
      this.thumbs = [...this.querySelectorAll(".gallery__thumb")];
      this.current = 0;
      this.addEventListener("click", this);
      this.addEventListener("keydown", this);
      this.watcher = new IntersectionObserver((seen) => this.mark(seen), {
        root: this.row,
        threshold: 0.6,
      });
      this.slides.forEach((slide) => this.watcher.observe(slide));
    }

    disconnectedCallback() {
      this.watcher.disconnect();
    }

    handleEvent(event) {
      if (event.type === "click") {
        const index = this.thumbs.indexOf(event.target.closest(".gallery__thumb"));
        if (index < 0) return;
        event.preventDefault();
        this.show(index);
        return;
      }
      const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!way) return;
      event.preventDefault();
      const last = this.slides.length - 1;
      this.show(Math.min(last, Math.max(0, this.current + way)));
      if (this.thumbs.includes(document.activeElement)) this.thumbs[this.current].focus();
    }

    show(index) {
      this.current = index;
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      this.row.scrollTo({ left: this.slides[index].offsetLeft - this.row.offsetLeft, behavior: calm ? "auto" : "smooth" });
      this.paint();
    }

    mark(seen) {
      const entry = seen.find((one) => one.intersectionRatio >= 0.6);
      if (!entry) return;
      this.current = this.slides.indexOf(entry.target);
      this.paint();
    }

    paint() {
      this.thumbs.forEach((thumb, index) => {
        if (index === this.current) thumb.setAttribute("aria-current", "true");
        else thumb.removeAttribute("aria-current");
      });
    }
  },
);
