// The fields of a form by their names: what is in them, and putting something into them. Found as eser.fields.

const valuesOf = (form, name) => new FormData(form).getAll(name).map(String);

const told = (control) => {
  control.dispatchEvent(new Event("input", { bubbles: true }));
  control.dispatchEvent(new Event("change", { bubbles: true }));
};

// False where the form has no such field.
const fill = (form, name, values) => {
  const found = form.elements.namedItem(name);
  const controls = found instanceof RadioNodeList ? [...found] : [found].filter(Boolean);
  if (!controls.length) return false;
  for (const control of controls) {
    if (["radio", "checkbox"].includes(control.type)) control.checked = values.includes(control.value);
    else if (control.multiple) for (const option of control.options) option.selected = values.includes(option.value);
    else control.value = values[0] ?? "";
  }
  told(controls[0]);
  return true;
};

// `sent` became `now` while `sent` became `merged` elsewhere: both in one, or null where they meet.
const rebased = (sent, now, merged) => {
  const mine = hunk(sent, now);
  const theirs = hunk(sent, merged);
  if (mine.start > theirs.end) return merged.slice(0, merged.length - (sent.length - mine.start)) + mine.text + sent.slice(mine.end);
  if (theirs.start > mine.end) return now.slice(0, now.length - (sent.length - theirs.start)) + theirs.text + sent.slice(theirs.end);
  return null;
};

// The stretch of `one` from `start` up to `end` became `text`.
const hunk = (one, other) => {
  const most = Math.min(one.length, other.length);
  let start = 0;
  while (start < most && one[start] === other[start]) start += 1;
  let tail = 0;
  while (tail < most - start && one[one.length - 1 - tail] === other[other.length - 1 - tail]) tail += 1;
  return { start, end: one.length - tail, text: other.slice(start, other.length - tail) };
};

window.eser = { ...window.eser, fields: { valuesOf, fill, rebased } };
