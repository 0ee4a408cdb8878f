// A checkbox with data-shows="id" shows what is typed in the password field of that id.

document.addEventListener("change", (event) => {
  const field = event.target.dataset?.shows && document.getElementById(event.target.dataset.shows);
  if (field) field.type = event.target.checked ? "text" : "password";
});
// A password must not be sent from a text field: browsers would keep it among the words typed before.
document.addEventListener("submit", (event) => event.target.querySelectorAll("[data-shows]").forEach((box) => {
  const field = document.getElementById(box.dataset.shows);
  if (field) field.type = "password";
}));
