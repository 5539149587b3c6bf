/* <dialog-opener for="id"> around a link: opens the <dialog> instead of following the link,
   which without a script leads to a page with the same content. A click beside the dialog closes it, and so does
   sending a form in it that says data-closes. */
customElements.define(
  "dialog-opener",
  class extends HTMLElement {
    connectedCallback() {
      this.addEventListener("click", this);
    }

    handleEvent(event) {
      const dialog = document.getElementById(this.getAttribute("for"));
      if (!dialog || event.metaKey || event.ctrlKey) return;
      event.preventDefault();
      dialog.showModal();
      dialog.onclick = (click) => {
        if (click.target === dialog) dialog.close();
      };
      dialog.onsubmit = (submit) => {
        if ("closes" in submit.target.dataset) dialog.close();
      };
    }
  },
);
