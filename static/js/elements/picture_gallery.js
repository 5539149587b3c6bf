/* <picture-gallery>: thumbnails are links to the pictures of a row that scrolls sideways (so a swipe works by itself);
   this marks the one in view, scrolls without a jump of the page, listens to the arrow keys, Home and End, and opens
   the <picture-zoom> inside it instead of following the link to the large file. */
customElements.define(
  "picture-gallery",
  class extends HTMLElement {
    connectedCallback() {
      this.row = this.querySelector(".gallery__row");
      this.slides = [...this.querySelectorAll(".gallery__slide")];
      this.thumbs = [...this.querySelectorAll(".gallery__thumb")];
      this.zoom = this.querySelector("picture-zoom");
      this.addEventListener("click", this);
      this.addEventListener("keydown", this);
      this.addEventListener("picture-seen", this);
      this.watcher = new IntersectionObserver((seen) => this.mark(seen), { root: this.row, threshold: 0.6 });
      this.slides.forEach((slide) => this.watcher.observe(slide));
      this.current = 0;
      this.paint();
    }

    disconnectedCallback() {
      this.watcher.disconnect();
    }

    handleEvent(event) {
      if (event.type === "picture-seen") return this.closed(event.detail);
      if (event.target.closest("dialog")) return;
      if (event.type === "click") this.click(event);
      else this.key(event);
    }

    /* The closer look is over: go on where it ended. */
    closed(index) {
      this.show(index, true);
      this.slides[index].focus({ preventScroll: true });
    }

    click(event) {
      const step = event.target.closest("[data-step]");
      if (step) return this.show(this.current + Number(step.dataset.step));
      const thumb = this.thumbs.indexOf(event.target.closest(".gallery__thumb"));
      if (thumb >= 0) {
        event.preventDefault();
        this.show(thumb);
      }
      const slide = this.slides.indexOf(event.target.closest(".gallery__slide"));
      if (slide < 0 || !this.zoom || event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      this.zoom.open(this.slides, slide);
    }

    key(event) {
      const last = this.slides.length - 1;
      const there = { ArrowRight: this.current + 1, ArrowLeft: this.current - 1, Home: 0, End: last }[event.key];
      if (there === undefined || event.altKey || event.metaKey || event.ctrlKey) return;
      event.preventDefault();
      const list = [this.thumbs, this.slides].find((one) => one.includes(document.activeElement));
      this.show(there);
      list?.[this.current].focus({ preventScroll: true });
    }

    show(index, isQuick = false) {
      this.current = Math.min(this.slides.length - 1, Math.max(0, index));
      const slide = this.slides[this.current];
      const calm = isQuick || matchMedia("(prefers-reduced-motion: reduce)").matches;
      this.row.scrollTo({ left: slide.offsetLeft - this.row.offsetLeft, behavior: calm ? "instant" : "smooth" });
      this.paint();
    }

    mark(seen) {
      const entry = seen.find((one) => one.intersectionRatio >= 0.6);
      if (!entry) return;
      this.current = this.slides.indexOf(entry.target);
      this.paint();
    }

    paint() {
      this.slides.forEach((slide, index) => (slide.tabIndex = index === this.current ? 0 : -1));
      this.thumbs.forEach((thumb, index) => {
        if (index === this.current) thumb.setAttribute("aria-current", "true");
        else thumb.removeAttribute("aria-current");
      });
      const count = this.querySelector("[data-count]");
      if (count) count.textContent = this.current + 1;
      this.querySelectorAll(".gallery__step").forEach((button) => {
        button.disabled = !this.slides[this.current + Number(button.dataset.step)];
      });
    }
  },
);
