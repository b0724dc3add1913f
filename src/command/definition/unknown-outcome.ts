/** Says of any error that the command may have taken effect at Wise, although the error itself does not say so. */
export class UnknownOutcome extends Error {
  /** @param advice what may have happened, and what to do: a whole sentence. */
  constructor(cause: unknown, advice: string) {
    super(advice, { cause });
  }
}
