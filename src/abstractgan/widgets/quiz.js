import { html, open, say } from "./common.js";

function render({ model, el }) {
  const w = open(model, el, "quiz");
  const questions = w.get("questions");

  const verdict = ({ right, feedback }, given) =>
    given < 0
      ? say`not answered yet.`
      : given === right
        ? say`right. ${say(feedback)}`
        : say`not right. Try again.`;

  const answers = questions.map((question, number) => {
    const group = w.add(`<fieldset><legend>${number + 1}. ${html(question.text)}</legend></fieldset>`);
    const inputs = question.choices.map((choice, place) => {
      const label = `<label><input type="radio" name="${w.id}${number}" value="${place}"><span>${html(choice)}</span></label>`;
      return w.add(label, group).firstChild;
    });
    const bar = w.add('<div class="bar"></div>', group);
    const check = w.button(say`Check`, () => {
      const place = inputs.findIndex((input) => input.checked);
      w.set({ given: w.get("given").map((given, i) => (i === number ? place : given)) });
    }, bar);
    check.ariaLabel = say`Check question ${number + 1}`;
    const feedback = w.add(`<p aria-hidden="true"></p>`, bar);
    const update = () => (check.disabled = !inputs.some((input) => input.checked));
    group.onchange = () => {
      feedback.textContent = "";
      update();
    };
    let shown;
    return (given) => {
      if (given === shown) return; // a choice that is not checked yet stays
      shown = given;
      inputs.forEach((input, place) => (input.checked = place === given));
      const words = given < 0 ? "" : verdict(question, given);
      feedback.textContent = words && words[0].toUpperCase() + words.slice(1);
      group.dataset.state = given < 0 ? "open" : given === question.right ? "right" : "wrong";
      update();
    };
  });

  w.listen(["given"], () => {
    const given = w.get("given");
    answers.forEach((show, number) => show(given[number]));
    w.read(questions.map((question, number) => say`Question ${number + 1}: ${verdict(question, given[number])}`));
  });
  return w.close;
}

export default { render };
