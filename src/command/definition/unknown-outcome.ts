/** Says of any error that the command may have taken effect at Wise, although the error itself does not say so. */
export class UnknownOutcome extends Error {
  constructor(cause: unknown) {
    super("The command may have taken effect", { cause });
  }
}
