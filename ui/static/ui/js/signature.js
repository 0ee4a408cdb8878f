// A signature is drawn with pen, finger or mouse; what is sent is the line as an SVG path.

const pad = document.querySelector("[data-pad]");
const field = document.querySelector("[data-drawn]");
const picture = pad?.querySelector("svg");
const line = pad?.querySelector("path");
const paper = document.querySelector("[data-paper]");
const way = () => document.querySelector('[name="way"]:checked')?.value;
let isDown = false;

function place(event) {
  const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(picture.getScreenCTM().inverse());
  return `${Math.round(point.x)} ${Math.round(point.y)}`;
}

function write(path) {
  line.setAttribute("d", path);
  field.value = path;
}

function show() {
  pad.hidden = way() !== "DRAWN";
  if (paper) paper.hidden = way() !== "PAPER";
}

if (pad && field) {
  show();
  write(field.value);
  document.addEventListener("change", (event) => event.target.name === "way" && show());
  picture.addEventListener("pointerdown", (event) => {
    isDown = true;
    picture.setPointerCapture(event.pointerId);
    write(`${field.value}M${place(event)}`);
  });
  picture.addEventListener("pointermove", (event) => isDown && write(`${field.value}L${place(event)}`));
  ["pointerup", "pointercancel"].forEach((kind) => picture.addEventListener(kind, () => { isDown = false; }));
  pad.querySelector("[data-pad-clear]").addEventListener("click", () => write(""));
}
