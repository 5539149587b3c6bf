/* <sticky-buy for="id">: the bar at the bottom edge of a phone shows while the real button (that id) is out of sight.
   Without a script the bar stays, which is what a phone wants anyway. */
customElements.define(
  "sticky-buy",
  class extends HTMLElement {
    connectedCallback() {
      const target = document.getElementById(this.getAttribute("for"));
      if (!target) return;
      this.watcher = new IntersectionObserver(([entry]) => {
        this.toggleAttribute("data-away", entry.isIntersecting);
        this.inert = entry.isIntersecting;
      });
      this.watcher.observe(target);
    }

    disconnectedCallback() {
      this.watcher?.disconnect();
    }
  },
);
