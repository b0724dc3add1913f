/** A request as it reaches the simulator, by whichever door. */
export interface SimulatedRequest {
  readonly method: string;
  /** The path, percent-encoded, with its query where it has one. */
  readonly path: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What the simulator answers. */
export interface SimulatedResponse {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
