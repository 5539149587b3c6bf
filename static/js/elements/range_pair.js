/* <range-pair for="id"> around a slider: it and the number input with that id show the same value.
   Without a script there is only the number. */
customElements.define(
  "range-pair",
  class extends HTMLElement {
    connectedCallback() {
      this.slider = this.querySelector("input");
      this.number = document.getElementById(this.getAttribute("for"));
      this.slider.value = this.number.value;
      this.slider.addEventListener("input", () => (this.number.value = this.slider.value));
      this.number.addEventListener("input", () => (this.slider.value = this.number.value));
    }
  },
);
