// What the page says, in its language. The build finds each text that `say` is given, has it translated
// like the other words of the book's tools, and writes the dictionary into the page.
export const dictionary = {}; // the page's; a worker is given it
const written = globalThis.document?.getElementById("try-it-words");
if (written) Object.assign(dictionary, JSON.parse(written.textContent));

// A text in the page's language, its {places} filled in.
export const say = (text, values = {}) => (dictionary[text] ?? text).replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);

const language = globalThis.document?.documentElement.lang;
const list = new Intl.ListFormat(language === "en" ? "en-GB" : language); // the course has British English
export const listed = (words) => list.format(words);
