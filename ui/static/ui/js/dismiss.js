// Escape, or a click elsewhere, closes what lies over the page: the account menu and the search results.

const close = (piece) => {
  if (piece instanceof HTMLDetailsElement) piece.open = false;
  else piece.replaceChildren();
};
const pieces = () => document.querySelectorAll("[data-dismiss]");

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  pieces().forEach((piece) => {
    const inside = piece.contains(document.activeElement);
    close(piece);
    if (inside) (piece.querySelector("summary") || piece.parentElement.querySelector("input"))?.focus();
  });
});
document.addEventListener("click", (event) => pieces().forEach((piece) => {
  if (!piece.contains(event.target) && !piece.parentElement.matches(".e-top__search:focus-within")) close(piece);
}));
