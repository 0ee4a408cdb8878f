// A part of the page that could not be fetched says so; full pages have the browser's own message.

const say = () => {
  const place = document.getElementById("trouble");
  const words = document.getElementById("no-connection");
  if (place && words) place.replaceChildren(words.content.cloneNode(true));
};
document.addEventListener("htmx:sendError", say);
document.addEventListener("htmx:timeout", say);
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful) document.querySelector("#trouble > .e-notice--bad")?.remove();
});
