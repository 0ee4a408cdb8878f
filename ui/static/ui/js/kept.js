// Words that have not reached the server yet are kept in this browser, encrypted (docs/security.md).
//
// The key comes with each page for the person who is signed in (data-keep-key of the session clock); it is held in
// memory only and cannot be read out again. What another person kept stays locked. An entry belongs to one visit of
// one page; it is forgotten when the server has answered, when its person throws it away, or after 30 days.
// Other scripts find it as eser.kept: they load after this one.

const DAYS = 30;
const clock = document.querySelector("[data-session-clock]");
const person = clock?.dataset.person;
const visit = crypto.randomUUID?.() ?? String(Math.random());

const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

const takeKey = async () => {
  const told = clock?.dataset.keepKey;
  if (!told || !crypto.subtle || !window.indexedDB) return null;
  delete clock.dataset.keepKey;
  return crypto.subtle.importKey("raw", bytes(told), "AES-GCM", false, ["encrypt", "decrypt"]);
};
const key = takeKey().catch(() => null);

const opened = new Promise((done, fail) => {
  const asked = indexedDB.open("eser", 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore("words", { keyPath: "id" });
  asked.onsuccess = () => done(asked.result);
  asked.onerror = () => fail(asked.error);
});
opened.catch(() => {});

const within = async (mode, deed) => {
  const transaction = (await opened).transaction("words", mode);
  const asked = deed(transaction.objectStore("words"));
  return new Promise((done, fail) => {
    transaction.oncomplete = () => done(asked.result);
    transaction.onabort = () => fail(transaction.error);
  });
};

const sealed = async (entry, words) => {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const how = { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(entry.id) };
  const text = new TextEncoder().encode(JSON.stringify(words));
  return { ...entry, iv, sealed: await crypto.subtle.encrypt(how, await key, text) };
};

const unsealed = async (entry) => {
  const how = { name: "AES-GCM", iv: entry.iv, additionalData: new TextEncoder().encode(entry.id) };
  try {
    const text = await crypto.subtle.decrypt(how, await key, entry.sealed);
    return { ...entry, ...JSON.parse(new TextDecoder().decode(text)) };
  } catch {
    return null; // kept under another key
  }
};

const forget = (id) => within("readwrite", (words) => words.delete(id)).catch(() => {});

// What this page has typed and not sent. `set` may be called with every keystroke: the latest words count.
class Keeper {
  constructor() {
    this.wanted = new Map();
    this.failed = false; // the server was asked in vain: other pages tell of it
    this.works = false;
    key.then((found) => { this.works = Boolean(found); });
  }

  // `values` of the field, or null when there is nothing to keep of it any more.
  set(name, values) {
    this.wanted.set(name, values);
    this.running ??= this.write().catch(() => { this.works = false; }).finally(() => { this.running = null; });
    return this.running;
  }

  async write() {
    if (!(await key)) return;
    while (this.wanted.size) {
      const [name, values] = this.wanted.entries().next().value;
      this.wanted.delete(name);
      const id = [person, location.pathname, name, visit].join(" ");
      const entry = { id, person, page: location.pathname, visit, at: Date.now(), failed: this.failed };
      if (values === null) await within("readwrite", (words) => words.delete(id));
      else {
        const kept = await sealed(entry, { name, values });
        await within("readwrite", (words) => words.put(kept));
      }
    }
  }
}

const othersOpen = async () => {
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  return new Set(held.map((lock) => lock.name));
};

// What this person typed on pages that are closed by now: all of it, or that of one page with its words.
const leftBehind = async (page) => {
  if (!(await key)) return [];
  const [all, open] = [await within("readonly", (words) => words.getAll()), await othersOpen()];
  const left = all.filter((entry) => entry.person === person && !open.has(`eser ${entry.visit}`));
  if (page === undefined) return left;
  const here = await Promise.all(left.filter((entry) => entry.page === page).map(unsealed));
  return here.filter(Boolean).sort((one, other) => one.at - other.at);
};

const forgetTheOld = async () => {
  const oldest = Date.now() - DAYS * 24 * 60 * 60 * 1000;
  const all = await within("readonly", (words) => words.getAll());
  await Promise.all(all.filter((entry) => entry.at < oldest).map((entry) => forget(entry.id)));
};

if (clock) {
  navigator.locks?.request(`eser ${visit}`, () => new Promise(() => {})); // as long as this page is open
  forgetTheOld().catch(() => {});
}

window.eser = { ...window.eser, kept: { Keeper, forget, leftBehind } };
