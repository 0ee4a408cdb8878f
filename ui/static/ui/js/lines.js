// Tables of a form by keyboard (form[data-lines]). Enter goes on to the next control, and from the last cell of a
// table adds a line; Ctrl+Enter adds one from every cell. A new line takes the focus, a moved one keeps it.

const CONTROLS = "input:not([type=hidden], [disabled]), select:not([disabled]), textarea:not([disabled])";
const inForm = (element) => element.closest?.("form[data-lines]");
const addButton = (line) => line.closest(".e-grid")?.querySelector("[data-add-line]");

function isLastCell(control, line) {
  const last = [...line.querySelectorAll(CONTROLS)].at(-1);
  const isLastLine = !line.nextElementSibling?.matches(".e-line");
  return isLastLine && (control === last || (control.type === "radio" && control.name === last.name));
}

function next(control) {
  const controls = [...inForm(control).querySelectorAll(CONTROLS)].filter((each) => each.offsetParent);
  const others = controls.slice(controls.indexOf(control) + 1);
  return others.find((each) => each.type !== "radio" || each.name !== control.name);
}

document.addEventListener("keydown", (event) => {
  const control = event.target;
  if (event.key !== "Enter" || event.isComposing || !inForm(control) || !control.matches(CONTROLS)) return;
  const line = control.closest(".e-line");
  const adds = line && (event.ctrlKey || (control.tagName === "INPUT" && isLastCell(control, line)));
  if (!adds && control.tagName !== "INPUT") return;
  event.preventDefault();
  if (adds) addButton(line)?.click();
  else next(control)?.focus();
});

function number(lines) {
  lines.querySelectorAll(":scope > .e-line").forEach((line, index) => {
    line.querySelectorAll("[data-number]").forEach((place) => { place.textContent = index + 1; });
  });
}

document.addEventListener("htmx:load", (event) => {
  const line = event.detail.elt;
  if (!line.matches?.(".e-line[data-new]")) return;
  line.removeAttribute("data-new");
  number(line.parentElement);
  line.querySelector(CONTROLS)?.focus();
});

document.addEventListener("htmx:afterRequest", (event) => {
  const button = event.detail.elt;
  const line = button?.closest?.(".e-line");
  if (!event.detail.successful || !line || !button.dataset.move) return;
  const up = button.dataset.move === "up";
  const other = up ? line.previousElementSibling : line.nextElementSibling;
  if (!other?.matches(".e-line")) return;
  if (up) other.before(line);
  else other.after(line);
  number(line.parentElement);
  const stays = button.offsetParent !== null;
  (stays ? button : line.querySelector(up ? "[data-move=down]" : "[data-move=up]")).focus();
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.closest?.(".e-grid")) document.body.dispatchEvent(new CustomEvent("eser:lines"));
});
