/* <live-preview button="id"> around a form one of whose buttons shows a preview in a frame: presses it by itself a
   moment after something was typed, and when htmx brought something new. */

customElements.define(
  "live-preview",
  class extends HTMLElement {
    connectedCallback() {
      this.addEventListener("input", this);
      document.addEventListener("htmx:after:swap", this);
    }

    disconnectedCallback() {
      clearTimeout(this.timer);
      document.removeEventListener("htmx:after:swap", this);
    }

    handleEvent() {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => {
        const button = document.getElementById(this.getAttribute("button"));
        button?.form.requestSubmit(button);
      }, 700); // milliseconds
    }
  },
);
