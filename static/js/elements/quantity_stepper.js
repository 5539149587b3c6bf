/* <quantity-stepper> around a number input: a minus and a plus that respect min, max and step.
   The markup lies in templates/components/quantity.html; without a script the plain input remains. */
customElements.define(
  "quantity-stepper",
  class extends HTMLElement {
    connectedCallback() {
      this.input = this.querySelector("input");
      this.addEventListener("click", this);
      this.addEventListener("input", this);
      this.addEventListener("change", this);
      this.refresh();
    }

    disconnectedCallback() {
      clearTimeout(this.timer);
    }

    handleEvent(event) {
      const button = event.target.closest("[data-step]");
      if (event.type === "click" && button) this.step(Number(button.dataset.step));
      else if (event.type !== "click") this.refresh();
    }

    step(direction) {
      if (direction > 0) this.input.stepUp();
      else this.input.stepDown();
      this.refresh();
      clearTimeout(this.timer);
      // Several quick taps are one wish: tell the form once they have ended.
      this.timer = setTimeout(
        () => this.input.dispatchEvent(new Event("change", { bubbles: true })),
        350,
      );
    }

    refresh() {
      const { value, min, max } = this.input;
      const at = Number(value);
      this.querySelector("[data-step='-1']").disabled = min !== "" && at <= Number(min);
      this.querySelector("[data-step='1']").disabled = max !== "" && at >= Number(max);
    }
  },
);
