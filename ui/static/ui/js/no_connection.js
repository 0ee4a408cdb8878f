// A part of the page that could not be fetched says so; full pages have the browser's own message.

const say = () => {
  const place = document.getElementById("trouble");
  const words = document.getElementById("no-connection");
  if (place && words) place.replaceChildren(words.content.cloneNode(true));
};
document.addEventListener("htmx:sendError", say);
document.addEventListener("htmx:timeout", say);
// A refusal brings its own sentence into the same place; an answer without one is said like no answer.
document.addEventListener("htmx:responseError", () => {
  if (!document.querySelector("#trouble")?.childElementCount) say();
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful) document.getElementById("trouble")?.replaceChildren();
});
