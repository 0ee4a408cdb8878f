// Tables of a form by keyboard (form[data-lines]). Enter goes on to the next control, and from the last cell of a
// table adds a line; Ctrl+Enter adds one from every cell. A new line takes the focus, a moved one keeps it.

const CONTROLS = "input:not([type=hidden], [disabled]), select:not([disabled]), textarea:not([disabled])";
const inForm = (element) => element.closest?.("form[data-lines]");
const STANDING = ".e-line:not(.e-line--removed)";
const addButton = (line) => line.closest(".e-grid")?.querySelector("[data-add-line]");

function neighbour(line, side) {
  let other = line[side];
  while (other && !other.matches(STANDING)) other = other[side];
  return other;
}

function isLastCell(control, line) {
  const last = [...line.querySelectorAll(CONTROLS)].at(-1);
  const isLastLine = !neighbour(line, "nextElementSibling");
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
  lines.querySelectorAll(`:scope > ${STANDING}`).forEach((line, index) => {
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
  const other = neighbour(line, up ? "previousElementSibling" : "nextElementSibling");
  if (!other) return;
  if (up) other.before(line);
  else other.after(line);
  number(line.parentElement);
  const stays = button.offsetParent !== null;
  (stays ? button : line.querySelector(up ? "[data-move=down]" : "[data-move=up]")).focus();
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.closest?.(".e-grid")) document.body.dispatchEvent(new CustomEvent("eser:lines"));
});

// What was understood of a day or a number, beside its control.
function tell(control, sentence) {
  const id = `${control.id}-read`;
  let place = document.getElementById(id);
  if (!place && !sentence) return;
  if (!place) {
    place = Object.assign(document.createElement("span"), { id, className: "e-read" });
    control.after(place);
    const described = control.getAttribute("aria-describedby");
    control.setAttribute("aria-describedby", [described, id].filter(Boolean).join(" "));
  }
  if (place.textContent !== sentence) place.textContent = sentence;
}

document.addEventListener("eser:read", ({ detail }) => {
  for (const [name, sentence] of Object.entries(detail.read)) {
    const control = detail.form.elements.namedItem(name);
    if (control?.id) tell(control, sentence);
  }
});
