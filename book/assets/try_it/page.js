// The page "Try it". common.js is the widgets' own: the book's build puts it beside this file.
import { open } from "./common.js";
import { megabytes, runtimes, start, weight } from "./networks.js";
import { studio } from "./studio.js";
import { say } from "./words.js";

// What a widget manager gives to widgets: it holds the state and calls back when it changes.
class Model {
  listeners = [];

  constructor(state) {
    this.state = state;
  }

  get(name) {
    return this.state[name];
  }

  set(name, value) {
    this.state[name] = value;
    for (const [event, act] of this.listeners) if (event === `change:${name}`) act();
  }

  on(event, act) {
    this.listeners.push([event, act]);
  }

  save_changes() {}
}

const place = document.getElementById("try-it");
place.replaceChildren(); // what it says where this script cannot run
const model = new Model({ strength: 1, side: "256", mode: "one", show: "picture" });
const w = open(model, place, "try-it");
const kinds = await runtimes();

const promise = say(
  "The networks are {count} MB, loaded once and then kept by the browser. " +
    "What you choose stays on your device: nothing is sent anywhere.",
  { count: megabytes(weight(kinds[0])) },
);
const offer = w.add(`<div class="offer"><p>${promise}</p></div>`);
const button = w.button(say("Start"), begin, offer);
const meter = w.add('<progress value="0" hidden></progress>', offer);
meter.ariaLabel = say("Loading the networks.");
const words = w.add('<p role="status"></p>', offer);
const problem = w.add('<p class="problem" role="alert"></p>');
const tell = (error) => (problem.textContent = error?.message ?? "");

async function begin() {
  tell();
  button.disabled = true;
  meter.hidden = false;
  words.textContent = say("Loading the networks.");
  try {
    const networks = await start((come, all) => {
      [meter.value, meter.max] = [come, all];
      if (come === all) words.textContent = say("The networks are being set up.");
    }, kinds);
    offer.remove();
    studio(w, model, networks, tell);
  } catch (error) {
    button.disabled = false;
    meter.hidden = true;
    words.textContent = "";
    tell(new Error(say("The networks could not be started: {problem}", { problem: error.message })));
  }
}
