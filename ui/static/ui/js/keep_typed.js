// What was typed outlives an ended session and a refusal: this tab keeps it until the same person is back on the
// same page, by signing in again or by the Back button. It is given back once, and forgotten by any other page.
// Forms that save by themselves keep what they hold in their own way (kept.js).

const KEY = "eser:typed";
const clock = document.querySelector("[data-session-clock]");
const NOT_TYPED = ["hidden", "password", "file", "submit", "button"];
const FORM = "main form[method=post]:not([data-autosave-url])";
let touched = null;

const typedIn = (form) => [...form.elements]
  .filter((control) => control.name && !NOT_TYPED.includes(control.type) && control.autocomplete !== "one-time-code")
  .filter((control) => !["radio", "checkbox"].includes(control.type) || control.checked)
  .map((control) => [control.name, control.value]);

const keep = (form) => sessionStorage.setItem(KEY, JSON.stringify({
  person: clock.dataset.person, path: location.pathname, typed: typedIn(form),
}));

// Returns what has no control yet: options of a picker come when its search is answered.
const fill = (form, typed) => typed.filter(([name, value]) => {
  const found = form.elements.namedItem(name);
  const isOption = found instanceof RadioNodeList || ["radio", "checkbox"].includes(found?.type);
  const control = found instanceof RadioNodeList ? [...found].find((one) => one.value === value) : found;
  if (!control || (isOption && control.value !== value)) return true;
  if (isOption) control.checked = true;
  else control.value = value;
  control.dispatchEvent(new Event("input", { bubbles: true }));
  control.dispatchEvent(new Event("change", { bubbles: true }));
  return false;
});

const cameBack = () => {
  const [visit] = performance.getEntriesByType("navigation");
  const cameFrom = document.referrer && new URL(document.referrer).pathname;
  return visit?.type === "back_forward" || cameFrom === clock.dataset.signInUrl;
};

const giveBack = () => {
  const kept = JSON.parse(sessionStorage.getItem(KEY) || "null");
  const isMine = kept?.person === clock.dataset.person;
  if (isMine && document.querySelector(".e-refusal")) return; // the way back leads from here to the form
  sessionStorage.removeItem(KEY);
  if (!isMine || kept.path !== location.pathname || !cameBack()) return;
  const form = [...document.querySelectorAll("main form[method=post]")]
    .find((one) => kept.typed.some(([name]) => one.elements.namedItem(name)));
  if (!form) return;
  let left = fill(form, kept.typed);
  if (left.length) document.addEventListener("htmx:afterSettle", () => { left = fill(form, left); }, { once: true });
  form.before(document.getElementById("typed-again").content.cloneNode(true));
};

if (clock) {
  addEventListener("pageshow", giveBack); // the browser has restored what it can, and pickers listen
  document.addEventListener("input", (event) => { touched = event.target.closest(FORM) || touched; });
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    if (event.target.matches(FORM)) keep(event.target);
    else sessionStorage.removeItem(KEY);
  });
  document.addEventListener("eser:signing-out", () => touched && keep(touched));
}
