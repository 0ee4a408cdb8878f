// A choice outlives the answer of a search that was under way when it was made. With script the search is
// made while typing, so that Enter in any field presses the form's own button and never "Find". Enter in the
// search chooses the code that was typed in full, or the only one found; the arrow down leads into the codes.

const searches = (box) => box?.matches?.(".e-picker input[type=search][data-hx-get]");

for (const box of document.querySelectorAll(".e-picker input[type=search][data-hx-get]")) {
  const find = box.parentElement.querySelector("button");
  find.type = "button";
  find.addEventListener("click", () => window.htmx?.trigger(box, "find"));
}

const offered = (box) => [...box.closest(".e-picker").querySelectorAll("input[type=radio]")];

document.addEventListener("keydown", (event) => {
  const box = event.target;
  if (!searches(box) || !["Enter", "ArrowDown"].includes(event.key)) return;
  event.preventDefault();
  const options = offered(box);
  if (event.key === "ArrowDown") return (options.find((one) => one.checked) ?? options[0])?.focus();
  const typed = box.value.trim().toUpperCase();
  const meant = options.find((one) => one.value === typed) ?? (options.length === 1 ? options[0] : undefined);
  if (typed && meant && !meant.checked) meant.click();
});

document.addEventListener("change", ({ target }) => {
  const picker = target.matches?.("input[type=radio]") && target.closest(".e-picker");
  if (picker) picker.dataset.chosen = target.value;
});

document.addEventListener("htmx:afterSwap", ({ target }) => {
  const { chosen } = target.closest?.(".e-picker")?.dataset ?? {};
  const same = [...target.querySelectorAll("input[type=radio]")].find((one) => one.value === chosen);
  if (same) same.checked = true;
});
