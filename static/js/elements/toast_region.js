/* <toast-region>: a live region for short news of things done without a new page.
   The server sends it with the header HX-Trigger: {"toast": "Saved."}; scripts may dispatch the event "toast" themselves.
   data-failed is what it says when an answer does not come, or is no fragment (403, 404, 5xx: see htmx-config). */
const FAILURES = ["htmx:response:error", "htmx:error"];

customElements.define(
  "toast-region",
  class extends HTMLElement {
    connectedCallback() {
      ["toast", ...FAILURES].forEach((name) => document.body.addEventListener(name, this));
    }

    disconnectedCallback() {
      ["toast", ...FAILURES].forEach((name) => document.body.removeEventListener(name, this));
    }

    handleEvent(event) {
      if (FAILURES.includes(event.type)) this.failed(event.detail?.ctx?.response?.status);
      else this.say(event.detail?.value ?? event.detail);
    }

    failed(status) {
      // 409 and 422 bring a fragment that says itself what is wrong.
      if (status !== 409 && status !== 422) this.say(this.dataset.failed);
    }

    say(text) {
      if (typeof text !== "string") return;
      const toast = document.createElement("p");
      toast.className = "toast";
      toast.textContent = text;
      this.append(toast);
      // Long enough to be read: three seconds, and one more for every twelve characters.
      setTimeout(() => toast.remove(), 3000 + text.length * 80);
    }
  },
);
