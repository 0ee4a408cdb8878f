// A part of the page that could not be fetched says so; full pages have the browser's own message.

// A part that renews itself is silent about it: nobody asked, and it asks again.

const renewsItself = (event) => "X-Renews-Itself" in (event.detail.requestConfig?.headers ?? {});
const say = (event) => {
  if (renewsItself(event)) return;
  const place = document.getElementById("trouble");
  const words = document.getElementById("no-connection");
  if (place && words) place.replaceChildren(words.content.cloneNode(true));
};
document.addEventListener("htmx:sendError", say);
document.addEventListener("htmx:timeout", say);
// A refusal brings its own sentence into the same place; an answer without one is said like no answer.
document.addEventListener("htmx:responseError", (event) => {
  if (!document.querySelector("#trouble")?.childElementCount) say(event);
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful && !renewsItself(event)) document.getElementById("trouble")?.replaceChildren();
});
