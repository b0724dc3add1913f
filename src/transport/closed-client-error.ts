/** A request of a client whose `close()` was called: nothing was sent, and no retry helps. */
export class ClosedClientError extends Error {
  override readonly name = "ClosedClientError";

  constructor() {
    super("The client is closed");
  }
}
