import type { CardView, ErrorCodeView, StateView } from "../view/view-schemas.js";
import type { Connection, Outcome } from "./connection.js";
import { byId } from "./element.js";
import { shortToken } from "./words.js";

/** What the parts of the page share. */
export class PageContext {
  readonly connection: Connection;
  /** The newest state; `undefined` before the first. */
  state: StateView | undefined;
  /** The codes with which a production can fail. */
  codes: readonly ErrorCodeView[] = [];

  constructor(connection: Connection) {
    this.connection = connection;
  }

  /** Shows a message, which screen readers read. */
  announce(message: string, isProblem = false): void {
    const place = byId("message");
    place.textContent = message;
    place.classList.toggle("problem", isProblem);
  }

  /** Sends a request to the control API, and shows the problem if there is one. Returns whether it succeeded. */
  async change(method: string, path: string, body?: object): Promise<boolean> {
    const outcome = await this.connection.control(method, path, body);
    if (!outcome.ok) this.announce(problemText(outcome), true);
    return outcome.ok;
  }

  /** Changes a card. */
  changeCard({ cardToken }: CardView, action: string, body?: object): Promise<boolean> {
    return this.change("POST", `/cards/${encodeURIComponent(cardToken)}/${action}`, body);
  }

  /** Asks Wise's API to print a card, and shows what it responds. */
  async print({ profileId, cardToken }: CardView, kioskId: string): Promise<void> {
    const outcome = await this.connection.print(profileId, cardToken, kioskId, this.state?.token ?? null);
    const { status, errorCode } = Object(outcome.body) as { status?: string; errorCode?: string };
    const name = `Print ${shortToken(cardToken)} at ${kioskId}`;
    if (outcome.status === undefined) {
      this.announce(`${name}: no response. It may be printing: read the status before you print again.`, true);
    } else {
      const words = [outcome.status, status, errorCode].filter((word) => word !== undefined && word !== null);
      this.announce(`${name}: ${words.join(" ")}`, !outcome.ok);
    }
  }
}

function problemText({ status, body }: Outcome): string {
  const { detail } = Object(body) as { detail?: string };
  if (detail !== undefined) return detail;
  return status === undefined ? "The sandbox does not respond." : `The sandbox responded with ${status}.`;
}
