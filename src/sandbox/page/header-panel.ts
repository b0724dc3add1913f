import type { StateView } from "../view/view-schemas.js";
import { button, byId, element } from "./element.js";
import type { PageContext } from "./page-context.js";

const ONE_MINUTE_MS = 60_000;
const ONE_DAY_MS = 24 * 60 * ONE_MINUTE_MS;

/** The clock, the reset and what a client needs to connect. */
export class HeaderPanel {
  #details = "";
  /** How far the sandbox's clock is ahead of this machine's; `undefined` if it is stopped. */
  #aheadMs: number | undefined;

  constructor(page: PageContext) {
    setInterval(() => {
      if (this.#aheadMs !== undefined) showTime(new Date(Date.now() + this.#aheadMs));
    }, 1000);
    const advance = (advanceMs: number) => page.change("POST", "/clock", { advanceMs });
    byId("advance-minute").addEventListener("click", () => advance(ONE_MINUTE_MS));
    byId("advance-day").addEventListener("click", () => advance(ONE_DAY_MS));
    byId("reset").addEventListener("click", async () => {
      if (await page.change("POST", "/reset")) page.announce("Everything is as it was at the start.");
    });
  }

  show(state: StateView, page: PageContext): void {
    const now = new Date(state.clock.now);
    this.#aheadMs = state.clock.stopped ? undefined : now.getTime() - Date.now();
    showTime(now);
    const { token, subscriptionId, publicKey } = state;
    const rows: readonly (readonly [string, string])[] = [
      ["Base URL", location.origin],
      ["Access token", token ?? "the one that you entered"],
      ["Subscription ID", subscriptionId],
      ["Public key", publicKey.trim()],
    ];
    const details = JSON.stringify(rows);
    if (details === this.#details) return;
    this.#details = details;
    byId("connect").replaceChildren(
      ...rows.flatMap(([name, value]) => [
        element("dt", {}, name),
        element(
          "dd",
          {},
          element("code", { class: name === "Public key" ? "one-line" : undefined }, value),
          // A sandbox that is open to the network does not show its token.
          name === "Access token" && token === null ? undefined : copyButton(name, value, page),
        ),
      ]),
    );
  }
}

function showTime(time: Date): void {
  const text = time.toISOString();
  byId("clock").textContent = `${text.slice(0, 10)} ${text.slice(11, 19)} UTC`;
}

function copyButton(name: string, value: string, page: PageContext): HTMLButtonElement {
  const copy = async () => {
    await navigator.clipboard.writeText(value);
    page.announce(`${name} copied.`);
  };
  return button("Copy", () => copy().catch(() => page.announce("Copying is not allowed here.", true)), {
    "aria-label": `Copy ${name}`,
    class: "quiet",
  });
}
