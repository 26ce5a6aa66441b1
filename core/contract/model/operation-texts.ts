import type { Operation } from './operation.ts';

/** The progress of an operation that runs in chunks: "200 of 1000 tenants". */
export const progressText = ({ progress }: Pick<Operation, 'progress'>) => {
  if (!progress) return undefined;
  const { done, total, unit } = progress;
  return total === undefined ? `${done} ${unit}` : `${done} of ${total} ${unit}`;
};

/** How often it was restarted after a failure: "restarted 2 times". */
export const restartsText = ({ restarts }: Pick<Operation, 'restarts'>) =>
  restarts === undefined ? undefined : `restarted ${restarts === 1 ? 'once' : `${restarts} times`}`;

const sentenceCase = (name: string) => {
  const words = name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** Labelled facts that only this kind of operation has: "Flag set version", "Target". */
export const detailTexts = ({ details = {} }: Pick<Operation, 'details'>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(details).map(([name, value]) => [
      sentenceCase(name),
      typeof value === 'object' && value !== null ? Object.values(value).join(' ') : String(value),
    ]),
  );
