/** One column of a table; `flexible` columns shrink when the table is too wide. */
export interface Column<Row> {
  title: string;
  value: (row: Row) => string | number | undefined;
  flexible?: true;
}

const gap = '  ';
const minFlexibleWidth = 8;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Replaces control characters: those in names or user agents could send commands to the reader's terminal. */
const sanitize = (text: string) => text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '\u{FFFD}');

/** The number of columns. Segmenting is slow and rarely needed: printable ASCII takes one column per character. */
const lengthOf = (text: string) => (/^[ -~]*$/.test(text) ? text.length : [...graphemes.segment(text)].length);

function fitted(text: string, width: number, right: boolean) {
  const length = lengthOf(text);
  if (length > width) {
    const shown = [...graphemes.segment(text)].slice(0, width - 1).map(({ segment }) => segment);
    return `${shown.join('')}…`;
  }
  const padding = ' '.repeat(width - length);
  return right ? padding + text : text + padding;
}

/** Shrinks the flexible columns by `excess` characters in all, always the widest one first. */
function shrinkFlexible(widths: number[], columns: readonly { flexible?: true }[], excess: number): void {
  for (let left = excess; left > 0; left -= 1) {
    const flexible = widths.map((own, index) => (columns[index]?.flexible ? own : 0));
    const most = Math.max(...flexible);
    if (most <= minFlexibleWidth) return;
    widths[flexible.indexOf(most)] = most - 1;
  }
}

/** Rows as text, at most `width` characters wide if the flexible columns can shrink enough; numbers are right-aligned. */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[], width: number): string {
  const values = rows.map((row) => columns.map(({ value }) => value(row)));
  const lines = [
    columns.map(({ title }) => title.toUpperCase()),
    ...values.map((cells) => cells.map((cell) => sanitize(String(cell ?? '–')))),
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

/** Labelled values, one per line; undefined values are omitted. */
export function facts(entries: Readonly<Record<string, string | number | undefined>>): string {
  const known = Object.entries(entries).filter(([, value]) => value !== undefined);
  const width = Math.max(...known.map(([name]) => name.length));
  return known.map(([name, value]) => `${name.padEnd(width)}${gap}${sanitize(String(value))}`).join('\n');
}
