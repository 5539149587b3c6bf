/* <auto-submit> inside a form: sends the form when a select, a box or a number in it changes.
   The form keeps its button for readers without a script (class no-js-only). */
customElements.define(
  "auto-submit",
  class extends HTMLElement {
    connectedCallback() {
      this.addEventListener("change", this);
    }

    handleEvent(event) {
      const form = event.target.form;
      if (form && event.target.checkValidity()) form.requestSubmit();
    }
  },
);
