/* First of the bundle: styles may ask whether scripts run, and the summary of a form's errors gets the focus. */
document.documentElement.classList.add("js");

document.querySelector("[data-autofocus]")?.focus();
