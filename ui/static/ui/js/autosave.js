// Autosave: a form with data-autosave-url sends its changed fields every three seconds and when a field is left.
//
// Sent: the changed fields, their names as `_changed`, `version`, and the CSRF token.
// Answers: 200 {"version": 4, "saved_at": "10:42 am"}; 409 with the HTML of the conflict, shown in the element
// named by data-autosave-conflict, and the header X-Version when other fields were saved; 400 {"message": "…"}.
// Without a connection, or signed out (401 {"detail": "…"}), the text stays here and is tried again.

const EVERY = 3000;
const AGAIN = 5000;
const NO_CONNECTION = "Not saved yet: no connection. Your text is kept here and tried again.";
const SIGNED_OUT = "Not saved yet: you are signed out. Keep this page open and sign in in another window; it is tried again.";
const NOT_ACCEPTED = "Not saved: the system did not accept this text. Copy it before you leave this page.";

class Draft {
  constructor(form) {
    this.form = form;
    this.changed = new Set();
    this.timer = null;
    this.sending = false;
    this.leaving = false;
    this.renewed = false;
    this.place = document.querySelector(form.dataset.autosaveStatus || "[data-autosave-status]");
    form.addEventListener("input", (event) => this.note(event.target));
    form.addEventListener("change", (event) => this.note(event.target));
    form.addEventListener("focusout", () => this.send());
    form.addEventListener("submit", () => { this.leaving = true; });
    document.addEventListener("eser:save-now", () => this.send());
    document.addEventListener("visibilitychange", () => document.hidden && this.send(true));
    window.addEventListener("online", () => this.send());
    window.addEventListener("pageshow", () => { this.leaving = false; });
    window.addEventListener("beforeunload", (event) => {
      if (this.changed.size && !this.leaving) event.preventDefault();
    });
  }

  note(control) {
    if (!control.name || control.type === "file" || control.hasAttribute("data-autosave-skip")) return;
    this.changed.add(control.name);
    this.later(EVERY);
  }

  later(wait) {
    this.timer ??= setTimeout(() => { this.timer = null; this.send(); }, wait);
  }

  body(names) {
    const typed = new FormData(this.form);
    const body = new FormData();
    for (const name of names) {
      body.append("_changed", name);
      for (const value of typed.getAll(name)) body.append(name, value);
    }
    body.append("version", this.form.dataset.version || "");
    body.append("csrfmiddlewaretoken", typed.get("csrfmiddlewaretoken") || "");
    return new URLSearchParams(body);
  }

  async send(keepalive = false) {
    if (!this.changed.size || this.sending || this.leaving) return;
    clearTimeout(this.timer);
    this.timer = null;
    const names = [...this.changed];
    this.changed.clear();
    this.sending = true;
    try {
      const answer = await fetch(this.form.dataset.autosaveUrl, {
        method: "POST", body: this.body(names), keepalive, headers: { Accept: "application/json, text/html" },
      });
      await this.hear(answer, names);
    } catch {
      this.keep(names, NO_CONNECTION);
    } finally {
      this.sending = false;
      if (this.changed.size) this.later(AGAIN);
    }
  }

  async hear(answer, names) {
    const until = answer.headers.get("X-Signed-In-Until");
    if (until) document.dispatchEvent(new CustomEvent("eser:signed-in-until", { detail: until }));
    if (answer.status === 409) {
      this.number(answer.headers.get("X-Version") ?? undefined);
      return this.conflict(await answer.text());
    }
    if (answer.status >= 500 || answer.status === 429) return this.keep(names, NO_CONNECTION);
    const said = await answer.json().catch(() => ({}));
    if (answer.redirected || answer.status === 401) return this.keep(names, said.detail || SIGNED_OUT, true);
    if (answer.status === 403 && !said.message && (await this.renew())) return this.keep(names, SIGNED_OUT);
    if (!answer.ok) return this.say(said.message || NOT_ACCEPTED, "bad");
    this.renewed = false;
    this.number(said.version);
    return this.say(`Saved ${said.saved_at || ""}`.trim(), "good");
  }

  // Signing in again made the token of this page worthless: a new one is read, and what is typed stays.
  async renew() {
    if (this.renewed) return false;
    this.renewed = true;
    const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(answer.redirected ? "" : await answer.text(), "text/html");
    const fresh = page.querySelector("form[data-autosave-url] [name=csrfmiddlewaretoken]");
    if (!fresh) return false;
    document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((token) => { token.value = fresh.value; });
    return true;
  }

  number(version) {
    if (version === undefined) return;
    this.form.dataset.version = version;
    const hidden = this.form.elements.namedItem("version");
    if (hidden) hidden.value = version;
  }

  conflict(html) {
    const place = document.querySelector(this.form.dataset.autosaveConflict || "[data-autosave-conflict-place]");
    if (place) {
      place.innerHTML = html;
      window.htmx?.process(place);
    }
    this.say("Not saved yet: somebody else changed this. Choose one of the two texts.", "waiting");
    if (place?.id) this.link({ href: `#${place.id}`, textContent: "See both" });
  }

  keep(names, sentence, signedOut = false) {
    names.forEach((name) => this.changed.add(name));
    this.say(sentence, "waiting");
    if (signedOut) this.offerSignIn();
  }

  offerSignIn() {
    const url = document.querySelector("[data-session-clock]")?.dataset.signInUrl;
    if (url) this.link({ href: url, target: "_blank", rel: "noopener", textContent: "Sign in (opens a new window)" });
  }

  link(attributes) {
    if (!this.place || this.place.querySelector("a")) return;
    this.place.append(" ", Object.assign(document.createElement("a"), attributes));
  }

  say(sentence, tone) {
    if (!this.place) return;
    this.place.classList.toggle("e-save--waiting", tone === "waiting");
    this.place.classList.toggle("e-save--bad", tone === "bad");
    if (!this.place.textContent.startsWith(sentence)) this.place.textContent = sentence;
  }
}

const start = (within) => within.querySelectorAll("form[data-autosave-url]:not([data-autosave-on])").forEach((form) => {
  form.dataset.autosaveOn = "";
  new Draft(form);
});

start(document);
document.addEventListener("htmx:load", (event) => start(event.detail.elt.parentElement || document));
