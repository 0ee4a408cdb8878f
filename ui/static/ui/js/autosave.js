// Autosave: a form with data-autosave-url sends its changed fields every three seconds and when a field is left.
//
// Sent: the changed fields, their names as `_changed`, `version`, and the CSRF token.
// Answers: 200 {"version", "saved_at": "10:42 am", "merged": {field: {"text", "words"}}}; 409 with the HTML of the
// conflict, shown in the element named by data-autosave-conflict, and the header X-Version when other fields were
// saved; 400 {"message"}, with "refused" naming the fields that were not saved; 423 {"message"} while somebody else
// has the place alone. What gets no answer is sent again as it was, so that nothing is written twice or over.
// What is not answered is kept in the browser (kept.js), and offered again when this page is opened the next time.

const { Keeper } = window.eser.kept;
const { valuesOf, rebased } = window.eser.fields;
const EVERY = 3000;
const AGAIN = 5000;
const SLOW = 600;
const MOST_ON_LEAVING = 60_000; // bytes that a browser sends after the page is gone
const SIGNED_OUT = "Not saved yet: you are signed out. Keep this page open and sign in in another window; it is tried again.";
const NOT_ACCEPTED = "Not saved: the system did not accept this text. Copy it before you leave this page.";
const NO_PICTURE = "A picture cannot be put into a text. Attach it to the student’s documents instead.";

class Draft {
  constructor(form) {
    this.form = form;
    this.changed = new Set(); // typed, and not sent since
    this.unanswered = null; // sent, and no answer came
    this.keeper = new Keeper();
    this.timer = null;
    this.sending = null;
    this.leaving = false;
    this.place = document.querySelector(form.dataset.autosaveStatus || "[data-autosave-status]");
    form.addEventListener("input", (event) => this.note(event.target));
    form.addEventListener("change", (event) => this.note(event.target));
    form.addEventListener("focusout", () => this.send());
    form.addEventListener("paste", (event) => this.refusePicture(event, event.clipboardData));
    form.addEventListener("drop", (event) => this.refusePicture(event, event.dataTransfer));
    form.addEventListener("submit", (event) => { this.leaving = !event.defaultPrevented; });
    document.addEventListener("eser:save-now", () => this.send());
    document.addEventListener("eser:signing-out", () => { this.send(); this.leaving = true; });
    document.addEventListener("visibilitychange", () => this.send());
    window.addEventListener("pagehide", () => this.sendAtOnce());
    window.addEventListener("online", () => this.send());
    window.addEventListener("pageshow", () => { this.leaving = false; });
    window.addEventListener("beforeunload", (event) => {
      if (this.isOpen && !this.leaving && (this.keeper.failed || !this.keeper.works)) event.preventDefault();
    });
  }

  get isOpen() {
    return Boolean(this.changed.size || this.unanswered);
  }

  note(control) {
    if (!control.name || control.type === "file" || control.type === "hidden") return;
    if (control.hasAttribute("data-autosave-skip") || control.closest(".e-conflict")) return;
    this.changed.add(control.name);
    this.keeper.set(control.name, valuesOf(this.form, control.name));
    this.later(EVERY);
  }

  refusePicture(event, carried) {
    if (!carried?.files.length || carried.getData("text/plain")) return;
    event.preventDefault();
    this.say(NO_PICTURE, "waiting");
  }

  later(wait) {
    this.timer ??= setTimeout(() => { this.timer = null; this.send(); }, wait);
  }

  pack() {
    const words = new Map([...this.changed].map((name) => [name, valuesOf(this.form, name)]));
    this.changed.clear();
    return { words, version: this.form.dataset.version || "" };
  }

  post({ words, version }) {
    const body = new URLSearchParams();
    for (const [name, values] of words) {
      body.append("_changed", name);
      values.forEach((value) => body.append(name, value));
    }
    body.append("version", version);
    body.append("csrfmiddlewaretoken", this.form.elements.namedItem("csrfmiddlewaretoken")?.value ?? "");
    const keepalive = body.toString().length < MOST_ON_LEAVING;
    return fetch(this.form.dataset.autosaveUrl, {
      method: "POST", body, keepalive, headers: { Accept: "application/json, text/html" },
    });
  }

  send() {
    if (!this.isOpen || this.leaving) return null;
    this.sending ??= this.sendNow().finally(() => {
      this.sending = null;
      if (this.isOpen) this.later(AGAIN);
    });
    return this.sending;
  }

  async sendNow() {
    clearTimeout(this.timer);
    this.timer = null;
    const parcel = this.unanswered ?? this.pack();
    const slow = setTimeout(() => this.say("Saving…"), SLOW);
    try {
      const answer = await this.post(parcel);
      if (answer.status >= 500) throw new Error(answer.statusText);
      this.unanswered = null;
      await this.hear(answer, parcel);
    } catch {
      this.unanswered = parcel;
      this.keep(parcel, this.noConnection);
    } finally {
      clearTimeout(slow);
    }
  }

  // The page goes, answered or not: what is lost on the way was kept.
  sendAtOnce() {
    if (this.changed.size && !this.unanswered && !this.leaving) this.post(this.pack()).catch(() => {});
  }

  async hear(answer, parcel) {
    const until = answer.headers.get("X-Signed-In-Until");
    if (until) document.dispatchEvent(new CustomEvent("eser:signed-in-until", { detail: until }));
    if (answer.status === 409) {
      this.number(answer.headers.get("X-Version") ?? undefined);
      this.settle(parcel);
      return this.conflict(await answer.text());
    }
    const said = await answer.json().catch(() => ({}));
    const sentence = said.message || said.detail;
    if (answer.status === 429) return this.keep(parcel, this.noConnection);
    if (answer.status === 423) return this.keep(parcel, `${sentence} ${this.keptWhere}`);
    if (answer.redirected || answer.status === 401) return this.keep(parcel, sentence || SIGNED_OUT, true);
    if (answer.status === 403 && said.page) return this.keep(parcel, sentence);
    if (answer.status === 403 && !said.message) return this.keep(parcel, SIGNED_OUT, !(await this.renew()));
    this.number(said.version);
    if (said.read) document.dispatchEvent(new CustomEvent("eser:read", { detail: { form: this.form, read: said.read } }));
    if (!answer.ok) return this.refuse(parcel, said);
    this.settle(parcel);
    const merged = Object.entries(said.merged ?? {}).map(([name, { text, words }]) => {
      this.takeOver(name, text, parcel);
      return words;
    });
    return this.say([`Saved ${said.saved_at || ""}`.trim(), ...merged].join(". "), "good");
  }

  // These have reached the server; what was typed since has not.
  settle({ words }, except = []) {
    this.keeper.failed = false;
    for (const name of words.keys()) {
      if (!this.changed.has(name) && !except.includes(name)) this.keeper.set(name, null);
    }
  }

  refuse(parcel, said) {
    this.settle(parcel, said.refused ?? [...parcel.words.keys()]);
    this.say(said.message || said.detail || NOT_ACCEPTED, "bad");
  }

  // The text with the change of somebody else comes into the field, beside what was typed meanwhile.
  takeOver(name, text, { words, version }) {
    const control = this.form.elements.namedItem(name);
    const [sent] = words.get(name);
    const both = control.value === sent ? text : rebased(sent, control.value, text);
    if (both === null) return this.number(versionBefore(this.form.dataset.version, version, name));
    const [before, after] = [control.selectionStart, control.value.length - control.selectionEnd];
    const stays = control.value.slice(0, before) === both.slice(0, before);
    const isTyping = document.activeElement === control;
    control.value = both;
    const place = stays ? before : both.length - after;
    if (isTyping) control.setSelectionRange(place, place);
    return null;
  }

  // Signing in again made the token of this page worthless: a new one is read, and what is typed stays.
  async renew() {
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

  // Not there yet: tried again, and kept in the browser as something that other pages tell of.
  keep(parcel, sentence, signedOut = false) {
    this.keeper.failed = true;
    if (!this.unanswered) parcel.words.forEach((_, name) => this.changed.add(name));
    for (const name of [...parcel.words.keys(), ...this.changed]) this.keeper.set(name, valuesOf(this.form, name));
    this.say(sentence, "waiting");
    if (signedOut) this.offerSignIn();
  }

  get keptWhere() {
    return this.keeper.works ? "Your words are kept on this computer." : "Your words are kept on this page.";
  }

  get noConnection() {
    return `Not saved yet: no connection. ${this.keptWhere} It is tried again.`;
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

// The versions as they are now, but of this field the one that it had before: `strengths:3 impact:1`.
const versionBefore = (now, before, name) => {
  const isOf = (part) => part.slice(0, part.lastIndexOf(":")) === name;
  return [...now.split(" ").filter((part) => !isOf(part)), ...before.split(" ").filter(isOf)].join(" ");
};

const drafts = [];
const start = (within) => within.querySelectorAll("form[data-autosave-url]:not([data-autosave-on])").forEach((form) => {
  form.dataset.autosaveOn = "";
  drafts.push(new Draft(form));
});

start(document);
document.addEventListener("htmx:load", (event) => start(event.detail.elt.parentElement || document));

// Signing out waits a moment for what is not sent yet; what cannot be sent stays kept for this person.
const PATIENCE = 3000;
document.addEventListener("submit", async (event) => {
  if (!event.target.matches("form[data-sign-out]") || !drafts.some((draft) => draft.isOpen)) return;
  event.preventDefault();
  event.stopPropagation();
  const patience = new Promise((done) => { setTimeout(done, PATIENCE); });
  await Promise.race([Promise.all(drafts.map((draft) => draft.send())), patience]);
  drafts.forEach((draft) => { draft.leaving = true; });
  event.target.submit();
}, true);
