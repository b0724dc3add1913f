/** A request that the simulator received, through any adapter. */
export interface SimulatedRequest {
  /** The HTTP method. */
  readonly method: string;
  /** The path, percent-encoded, with its query if it has one. */
  readonly path: string;
  /** The header fields by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** The text of the body; empty if there is none. */
  readonly body: string;
}

/** A response of the simulator. */
export interface SimulatedResponse {
  /** The HTTP status: 200 to 599. */
  readonly status: number;
  /** The header fields by lower-case name, without those that the connection adds. */
  readonly headers: Readonly<Record<string, string>>;
  /** The text of the body; empty if there is none. */
  readonly body: string;
}
