/* <count-down now="…" days="{n} d"> around a <time datetime>: writes what is left of it into
   .countdown__left, second by second, by the server's clock. Loads the page anew when it is over. */
customElements.define(
  "count-down",
  class extends HTMLElement {
    connectedCallback() {
      const time = this.querySelector("time");
      this.out = this.querySelector(".countdown__left");
      if (!time || !this.out) return;
      this.end = Date.parse(time.dateTime);
      this.ahead = Date.parse(this.getAttribute("now")) - Date.now();
      this.tick();
      this.timer = setInterval(() => this.tick(), 1000);
    }

    disconnectedCallback() {
      clearInterval(this.timer);
    }

    tick() {
      const left = Math.floor((this.end - Date.now() - this.ahead) / 1000);
      if (!(left > 0)) {
        clearInterval(this.timer);
        if (left > -5) setTimeout(() => location.reload(), 2000);
        this.out.textContent = "";
        return;
      }
      const days = Math.floor(left / 86400);
      const parts = [Math.floor(left / 3600) % 24, Math.floor(left / 60) % 60, left % 60];
      const clock = parts.map((part) => String(part).padStart(2, "0")).join(":");
      const word = (this.getAttribute("days") || "{n}").replace("{n}", days);
      this.out.textContent = days ? `${word} ${clock}` : clock;
    }
  },
);
