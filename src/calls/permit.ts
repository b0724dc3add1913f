/** What a request needs before it may leave. */
export interface Permit {
  /**
   * Resolves once the request may leave.
   *
   * @param signal aborts when the caller no longer waits.
   * @throws the reason why the request may not leave.
   */
  obtain(signal: AbortSignal): Promise<void>;
  /** Whether the request may still start. If not, the permit must be obtained again. */
  isValid(): boolean;
  /** Takes note that the request may have left. */
  use(): void;
}
