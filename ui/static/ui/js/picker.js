// A choice outlives the answer of a search that was under way when it was made. With script the search is
// made while typing, so that Enter in any field presses the form's own button and never "Find".

const searches = (box) => box?.matches?.(".e-picker input[type=search][data-hx-get]");

for (const box of document.querySelectorAll(".e-picker input[type=search][data-hx-get]")) {
  const find = box.parentElement.querySelector("button");
  find.type = "button";
  find.addEventListener("click", () => window.htmx?.trigger(box, "find"));
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && searches(event.target)) event.preventDefault();
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
