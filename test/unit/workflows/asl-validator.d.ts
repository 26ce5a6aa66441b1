declare module 'asl-validator' {
  interface Options {
    checkPaths?: boolean;
    checkArn?: boolean;
  }
  /** Judges a definition by the Amazon States Language's schema and by where its transitions lead. */
  function validate(
    definition: object,
    options?: Options,
  ): { isValid: boolean; errorsText: (separator?: string) => string };
  export = validate;
}
