// What the discriminator thinks, as colours and in words.
import { fixed } from "./common.js";
import { say } from "./words.js";

// Okabe and Ito's vermillion and blue, which the colour-blind tell apart
const [LOW, MIDDLE, HIGH] = [[213, 94, 0], [247, 247, 247], [0, 114, 178]];
const PLACES = [
  ...[say("at the upper left"), say("at the upper centre"), say("at the upper right")],
  ...[say("at the middle left"), say("in the centre"), say("at the middle right")],
  ...[say("at the lower left"), say("at the lower centre"), say("at the lower right")],
];

// One pixel a patch. At -1 and at 1 the training asks for no more: there the colours end.
export function heat({ scores, width, height }) {
  const map = new ImageData(width, height);
  scores.forEach((score, i) => {
    const end = score < 0 ? LOW : HIGH;
    const share = Math.min(1, Math.abs(score));
    map.data.set([...MIDDLE.map((value, k) => value + share * (end[k] - value)), 255], 4 * i);
  });
  return map;
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

// The parts of the picture, a ninth each, from the lowest mean score to the highest.
function ninths({ scores, width, height }) {
  const parts = Array.from({ length: 9 }, () => []);
  scores.forEach((score, i) => {
    const row = Math.floor((3 * Math.floor(i / width)) / height);
    const column = Math.floor((3 * (i % width)) / width);
    parts[3 * row + column].push(score);
  });
  return parts.map((part, i) => [mean(part), PLACES[i]]).sort(([a], [b]) => a - b);
}

export function verdict(result, photograph) {
  const yes = result.scores.filter((score) => score > 0).length;
  const places = ninths(result);
  const [[low, least], [high, most]] = [places[0], places[8]];
  const all = result.scores.length;
  const [ours, before] = [result, photograph].map(({ scores }) => fixed(mean(scores), 2));
  return [
    say(
      "The discriminator's mean score for the result is {ours}, for the photograph {before}. " +
        "Of the result's {all} patches, {share} % score above 0: it takes them for parts of a painting in this style.",
      { ours, before, all, share: Math.round((100 * yes) / all) },
    ),
    say("It is most convinced {most} ({high}), least {least} ({low}).", { most, high: fixed(high, 2), least, low: fixed(low, 2) }),
  ];
}
