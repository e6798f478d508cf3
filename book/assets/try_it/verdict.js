// What the discriminator thinks, as colours and in words.
import { fixed } from "./common.js";

// Okabe and Ito's vermillion and blue, which the colour-blind tell apart
const [LOW, MIDDLE, HIGH] = [[213, 94, 0], [247, 247, 247], [0, 114, 178]];
const ROWS = ["upper", "middle", "lower"];
const COLUMNS = ["left", "centre", "right"];

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
  const name = (i) => (i === 4 ? "in the centre" : `at the ${ROWS[Math.floor(i / 3)]} ${COLUMNS[i % 3]}`);
  return parts.map((part, i) => [mean(part), name(i)]).sort(([a], [b]) => a - b);
}

export function verdict(result, photograph) {
  const yes = result.scores.filter((score) => score > 0).length;
  const places = ninths(result);
  const [[low, least], [high, most]] = [places[0], places[8]];
  return [
    `The discriminator's mean score for the result is ${fixed(mean(result.scores), 2)}, for the photograph ${fixed(mean(photograph.scores), 2)}. ` +
      `Of the result's ${result.scores.length} patches, ${Math.round((100 * yes) / result.scores.length)} % score above 0: it takes them for parts of a painting in this style.`,
    `It is most convinced ${most} (${fixed(high, 2)}), least ${least} (${fixed(low, 2)}).`,
  ];
}
