/** A request to the control API that cannot be fulfilled, for a reason other than an invalid value. */
export class ControlProblem extends Error {
  /** The HTTP status: 400 to 599. */
  readonly status: number;
  /** Header fields of the response. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, detail: string, headers: Readonly<Record<string, string>> = {}) {
    super(detail);
    this.name = "ControlProblem";
    this.status = status;
    this.headers = headers;
  }
}
