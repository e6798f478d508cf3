// Pictures to choose from: radio buttons, or boxes to tick where `several` is set.
export class Tiles {
  constructor(w, name, legend, parent) {
    this.root = w.add(`<fieldset class="tiles"><legend>${legend}</legend></fieldset>`, parent);
    this.name = w.id + name;
    this.root.addEventListener("change", (event) => {
      if (!this.chosen.length) event.target.checked = true; // one stays
    });
  }

  add(key, name, picture) {
    const [label, input, frame, image, words] = ["label", "input", "span", "i", "small"].map((tag) => document.createElement(tag));
    Object.assign(input, { type: this.inputs[0]?.type ?? "radio", name: this.name, value: key });
    image.style.backgroundImage = `url("${picture}")`;
    words.textContent = name; // a file's name is text, whatever stands in it
    frame.append(image, words);
    label.append(input, frame);
    this.root.append(label);
  }

  get inputs() {
    return [...this.root.querySelectorAll("input")];
  }

  get chosen() {
    return this.inputs.filter((input) => input.checked).map((input) => input.value);
  }

  set chosen(keys) {
    for (const input of this.inputs) input.checked = keys.includes(input.value);
  }

  set several(several) {
    const chosen = several ? this.chosen : this.chosen.slice(0, 1);
    for (const input of this.inputs) input.type = several ? "checkbox" : "radio";
    this.chosen = chosen;
  }
}
