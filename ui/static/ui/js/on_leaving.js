// A form with data-on-leaving is sent with that deed when the page is left: what was taken is given back.

window.addEventListener("pagehide", () => document.querySelectorAll("form[data-on-leaving]").forEach((form) => {
  const body = new FormData(form);
  body.set("deed", form.dataset.onLeaving);
  navigator.sendBeacon(form.action, body);
}));
