// What this person typed earlier and did not reach the server is offered again: on its page with its words, on
// other pages as a link there.

const { fill, valuesOf } = window.eser.fields;
const { forget, leftBehind } = window.eser.kept;

const zone = document.querySelector("[data-session-clock]")?.dataset.zone;
const when = (at) => {
  const day = { month: "short", day: "numeric", timeZone: zone };
  const minute = { hour: "numeric", minute: "2-digit", timeZone: zone };
  const time = new Date(at).toLocaleTimeString("en-US", minute).toLowerCase();
  const [then, now] = [new Date(at), new Date()].map((one) => one.toLocaleDateString("en-US", day));
  return then === now ? `at ${time}` : `on ${then} at ${time}`;
};
const copy = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);
const same = (one, other) => one.length === other.length && one.every((value, place) => value === other[place]);
const form = document.querySelector("form[data-autosave-url]");

const labelOf = (name) => {
  const found = form?.elements.namedItem(name);
  const control = found instanceof RadioNodeList ? found[0] : found;
  const label = found instanceof RadioNodeList ? control.closest("fieldset")?.querySelector("legend") : control?.labels?.[0];
  return (label?.textContent ?? "").replace(/\s*\*\s*$/, "").trim();
};

const offer = (entry, place) => {
  const now = form ? valuesOf(form, entry.name) : [];
  if (same(now, entry.values)) return forget(entry.id);
  const piece = copy("kept-words");
  const label = labelOf(entry.name);
  const [mine, theirs] = [entry.values.join("\n"), now.join("\n")];
  const put = (words) => fill(form, entry.name, words);
  const deeds = { back: () => put(entry.values), both: () => put([`${theirs}\n\n${mine}`]), away: () => true };
  const isText = form?.elements.namedItem(entry.name)?.matches?.("textarea");
  const fitting = { back: Boolean(form?.elements.namedItem(entry.name)), both: Boolean(isText && theirs), away: true };
  piece.querySelector("[data-kept-when]").textContent = when(entry.at);
  piece.querySelector("[data-kept-field]").textContent = label && ` in “${label}”`;
  piece.querySelector("[data-kept-mine]").textContent = mine;
  piece.querySelector("[data-kept-now]").textContent = theirs || "Nothing";
  piece.querySelectorAll("[data-kept]").forEach((button) => {
    const deed = button.dataset.kept;
    button.hidden = !fitting[deed];
    button.addEventListener("click", () => {
      deeds[deed](); // puts it into the field: kept again under this visit before it is forgotten here
      setTimeout(() => forget(entry.id), 1000);
      piece.remove();
      if (deed !== "away") form.elements.namedItem(entry.name).focus?.();
    });
  });
  place.append(piece);
  return null;
};

const offerHere = async () => {
  const entries = await leftBehind(location.pathname);
  if (!entries.length) return;
  const place = Object.assign(document.createElement("div"), { className: "e-stackcol e-kept" });
  place.setAttribute("role", "region");
  place.setAttribute("aria-label", "Words that did not reach the server");
  entries.forEach((entry) => offer(entry, place));
  if (place.childElementCount) document.querySelector(".e-main").prepend(place);
};

const tellElsewhere = async () => {
  const left = (await leftBehind()).filter((entry) => entry.failed && entry.page !== location.pathname);
  const pages = new Map(left.map((entry) => [entry.page, entry.at]));
  for (const [page, at] of [...pages].slice(0, 3)) {
    const piece = copy("kept-elsewhere");
    piece.querySelector("[data-kept-when]").textContent = when(at);
    piece.querySelector("a").href = page;
    document.querySelector(".e-main").prepend(piece);
  }
};

offerHere().then(tellElsewhere).catch(() => {});
