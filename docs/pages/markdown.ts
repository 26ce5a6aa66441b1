/** What stands first on a page that is made by `npm run docs`. */
const generatedNote = '<!-- Made by `npm run docs`: change its source, not this page. -->';

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** A Markdown table. */
export const markdownTable = (titles: readonly string[], rows: readonly (readonly string[])[]) =>
  [titles, titles.map(() => '---'), ...rows].map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n');

export const code = (text: string) => `\`${text}\``;

/** The anchor that a heading gets where Markdown is shown as HTML. */
export const anchor = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/g, '-');

/** A page's sections, one empty line between them. */
export const page = (...sections: readonly string[]) => `${[generatedNote, ...sections].join('\n\n')}\n`;
