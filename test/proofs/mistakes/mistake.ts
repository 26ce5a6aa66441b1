/** A mistake that someone might make in the code that decides about access. */
export interface Mistake {
  /** What the code then does wrong. */
  what: string;
  file: string;
  /** The text that is right, found once in the file, and what stands there instead. */
  right: string;
  wrong: string;
  /** The tests of `npm test` that should see it. */
  caughtBy: readonly string[];
}
