/** The permission that a request needs before it may leave. */
export interface Permit {
  /**
   * Obtains the permission: resolves once the request may leave.
   *
   * @param signal aborts when the caller no longer waits.
   * @throws the reason why the request may not leave.
   */
  obtain(signal: AbortSignal): Promise<void>;
  /** Returns whether the request may still start. If not, the permit must be obtained again. */
  isValid(): boolean;
  /** Records that the request may have left. */
  use(): void;
}
