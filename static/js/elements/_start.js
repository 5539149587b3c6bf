/* First of the bundle: styles may ask whether scripts run, and what stands in the way of a form gets the focus: the
   summary of its errors, and in what htmx brings the first field that is wrong if there is no summary. */
document.documentElement.classList.add("js");

document.querySelector("[data-autofocus]")?.focus();
document.addEventListener("htmx:after:process", ({ target }) => {
  if (target === document.body) return;
  (target.querySelector("[data-autofocus]") ?? target.querySelector("[aria-invalid='true']"))?.focus();
});
