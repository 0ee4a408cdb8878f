// The session clock: shows until when the person is signed in, warns two minutes before, extends in place.
//
// Markup: <dialog data-session-clock data-until="ISO" data-now="ISO, the server's" data-zone="America/Chicago" data-sign-in-url="/sign-in/">
// with <form data-extend method="post" action="…">. The answer to extending, and any other answer of the
// server, may carry the header X-Signed-In-Until (ISO); extending may also answer {"until": "ISO"}.

const WARN_BEFORE = 2 * 60 * 1000;
const clock = document.querySelector("[data-session-clock]");

if (clock) {
  const form = clock.querySelector("[data-extend]");
  const trouble = clock.querySelector("[data-session-trouble]");
  const tabs = "BroadcastChannel" in window ? new BroadcastChannel("eser-session") : null;
  // A computer whose own clock is wrong must not be signed out, or sent to and fro, by it.
  const skew = clock.dataset.now ? new Date(clock.dataset.now) - Date.now() : 0;
  let until = new Date(clock.dataset.until);
  let warned = false;
  let field = ""; // where the person was; the warning takes the focus

  const written = () => until
    .toLocaleTimeString("en-US", { hour: "numeric", minute: "2-digit", timeZone: clock.dataset.zone })
    .replace(/ ?[AP]M$/, "");

  const show = () => document.querySelectorAll("[data-session-until]").forEach((place) => {
    place.textContent = written();
  });

  const move = (iso) => {
    const later = new Date(iso);
    if (Number.isNaN(later.getTime()) || later <= until) return;
    until = later;
    show();
    trouble.textContent = "";
    warned = false;
    if (clock.open) clock.close();
  };

  const learn = (iso) => {
    if (!iso) return;
    move(iso);
    tabs?.postMessage(iso);
  };

  const toSignIn = () => {
    const here = location.pathname + location.search + (field ? `#${field}` : "");
    document.dispatchEvent(new CustomEvent("eser:signing-out"));
    location.assign(`${clock.dataset.signInUrl}?next=${encodeURIComponent(here)}`);
  };

  const tick = () => {
    const left = until - (Date.now() + skew);
    if (left <= 0) return toSignIn();
    if (left <= WARN_BEFORE && !warned) {
      warned = true; // closed with Escape, it does not come back
      // Forms that keep drafts send what they hold before the person decides.
      document.dispatchEvent(new CustomEvent("eser:save-now"));
      clock.showModal();
    }
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
      if (answer.status === 409) { // one sign-in lasts no longer
        trouble.textContent = (await answer.json()).detail;
        return;
      }
      if (answer.redirected || answer.status === 401 || answer.status === 403) return toSignIn();
      if (!answer.ok) throw new Error(answer.statusText);
      const said = answer.headers.get("content-type")?.includes("json") ? await answer.json() : {};
      learn(answer.headers.get("X-Signed-In-Until") || said.until);
      if (clock.open) clock.close();
    } catch {
      trouble.textContent = "Not extended: no connection. Try again.";
    }
  });

  document.addEventListener("focusin", (event) => {
    if (!clock.contains(event.target)) field = event.target.id;
  });
  document.addEventListener("eser:signed-in-until", (event) => learn(event.detail));
  document.addEventListener("htmx:afterRequest", (event) => learn(event.detail.xhr?.getResponseHeader("X-Signed-In-Until")));
  tabs?.addEventListener("message", (event) => move(event.data));
  // A computer that slept has missed its ticks.
  document.addEventListener("visibilitychange", () => document.hidden || tick());
  setInterval(tick, 1000);
  tick();
}
