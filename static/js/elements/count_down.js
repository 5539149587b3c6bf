/* <count-down days="{n} d"> around a <time datetime>: writes what is left of it into
   .countdown__left, second by second, by the server's clock, which it asks for once: the page may have
   been kept for a while. Loads the page anew when it is over. */
const serverAhead = (() => {
  let asked;
  const ask = async () => {
    const answer = await fetch("/healthz", { method: "HEAD", cache: "no-store" });
    const date = Date.parse(answer.headers.get("Date"));
    return Number.isNaN(date) ? 0 : date - Date.now();
  };
  return () => (asked ??= ask().catch(() => 0)); // milliseconds; one question for all of a page
})();

customElements.define(
  "count-down",
  class extends HTMLElement {
    connectedCallback() {
      const time = this.querySelector("time");
      this.out = this.querySelector(".countdown__left");
      if (!time || !this.out) return;
      this.end = Date.parse(time.dateTime);
      serverAhead().then((ahead) => {
        if (!this.isConnected) return;
        this.ahead = ahead;
        this.timer = setInterval(() => this.tick(), 1000);
        this.tick();
      });
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
