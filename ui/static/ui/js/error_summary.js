// Where the focus goes when a page or a part of it opens: to the error summary, else to the field that the
// address names (after signing in again). Links of the summary move the focus into their control.

const focusSummary = (within) => within.querySelector(".e-errors")?.focus();

const focusNamed = (hash) => {
  const control = hash.length > 1 && document.getElementById(decodeURIComponent(hash.slice(1)));
  if (!control || !control.matches("input, select, textarea, summary, button")) return false;
  control.focus({ preventScroll: true });
  control.closest(".usa-form-group, fieldset")?.scrollIntoView({ block: "center" });
  return true;
};

if (document.querySelector(".e-errors")) focusSummary(document);
else focusNamed(location.hash);

document.addEventListener("htmx:load", (event) => focusSummary(event.detail.elt.parentElement || document));
document.addEventListener("click", (event) => {
  const link = event.target.closest(".e-errors a[href^='#'], .e-checks a[href^='#']");
  if (link && focusNamed(link.hash)) event.preventDefault();
});
