/** One column of a table: what to show of a row; a `flexible` one gives way when the table is too wide. */
export interface Column<Row> {
  title: string;
  value: (row: Row) => string | number | undefined;
  flexible?: true;
}

const gap = '  ';
const leastFlexibleWidth = 8;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Control characters of names or user agents could steer the reader's terminal: they are shown as marks. */
const harmless = (text: string) => text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '\u{FFFD}');

/** Segmenting is slow, and seldom needed: printable ASCII is one column a character. */
const lengthOf = (text: string) => (/^[ -~]*$/.test(text) ? text.length : [...graphemes.segment(text)].length);

function fitted(text: string, width: number, right: boolean) {
  const length = lengthOf(text);
  if (length > width) {
    const kept = [...graphemes.segment(text)].slice(0, width - 1).map(({ segment }) => segment);
    return `${kept.join('')}…`;
  }
  const padding = ' '.repeat(width - length);
  return right ? padding + text : text + padding;
}

/** Takes `excess` columns of text from the flexible columns, always from the widest of them. */
function shrinkFlexible(widths: number[], columns: readonly { flexible?: true }[], excess: number): void {
  for (let left = excess; left > 0; left -= 1) {
    const flexible = widths.map((own, index) => (columns[index]?.flexible ? own : 0));
    const most = Math.max(...flexible);
    if (most <= leastFlexibleWidth) return;
    widths[flexible.indexOf(most)] = most - 1;
  }
}

/** Rows as text, at most `width` columns wide as far as the flexible columns can give way; numbers stand right. */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[], width: number): string {
  const values = rows.map((row) => columns.map(({ value }) => value(row)));
  const lines = [
    columns.map(({ title }) => title.toUpperCase()),
    ...values.map((cells) => cells.map((cell) => harmless(String(cell ?? '–')))),
  ];
  const widths = columns.map((_column, index) => Math.max(...lines.map((cells) => lengthOf(cells[index] ?? ''))));
  const total = widths.reduce((sum, one) => sum + one, gap.length * (columns.length - 1));
  shrinkFlexible(widths, columns, total - width);
  const numeric = columns.map((_column, index) => values.some((cells) => typeof cells[index] === 'number'));
  return lines
    .map((cells) =>
      cells
        .map((cell, index) => fitted(cell, widths[index] ?? 0, numeric[index] ?? false))
        .join(gap)
        .trimEnd(),
    )
    .join('\n');
}

/** Facts about one thing, a line each; what is undefined is left out. */
export function facts(entries: Readonly<Record<string, string | number | undefined>>): string {
  const known = Object.entries(entries).filter(([, value]) => value !== undefined);
  const width = Math.max(...known.map(([name]) => name.length));
  return known.map(([name, value]) => `${name.padEnd(width)}${gap}${harmless(String(value))}`).join('\n');
}
