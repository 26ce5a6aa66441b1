/** An error by which a state fails: a function's, a Fail state's, or one of Step Functions itself (`States.…`). */
export class StateError extends Error {
  override readonly name: string;

  constructor(name: string, cause = '') {
    super(cause);
    this.name = name;
  }

  /** As events and outcomes have it. */
  get details(): { error: string; cause?: string } {
    return { error: this.name, ...(this.message && { cause: this.message }) };
  }

  /** Whether a Retry or a Catch with these names applies; to some errors none does, not even `States.ALL`. */
  matches(names: readonly string[]): boolean {
    if (this.name === 'States.Runtime' || this.name === 'States.DataLimitExceeded') return false;
    return names.includes(this.name) || names.includes('States.ALL');
  }
}
