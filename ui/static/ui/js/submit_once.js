// A form that changes something is sent once, however often the button is pressed; the button stays enabled.

const RELEASE_AFTER = 30_000; // a download leaves the page open, so the form is freed again
const sent = new WeakMap();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (sent.has(form) && Date.now() - sent.get(form) < RELEASE_AFTER) {
    event.preventDefault();
    event.stopPropagation();
    return;
  }
  sent.set(form, Date.now());
});
// Coming back, or an answer that leaves the page in place, frees the form.
window.addEventListener("pageshow", () => document.querySelectorAll("form").forEach((form) => sent.delete(form)));
document.addEventListener("htmx:afterRequest", (event) => sent.delete(event.detail.elt));
