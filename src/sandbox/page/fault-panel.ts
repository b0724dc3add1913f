import type { FaultView, StateView } from "../view/view-schemas.js";
import { byId } from "./element.js";
import type { PageContext } from "./page-context.js";
import { switchButton } from "./switch-button.js";

interface FaultChoice {
  readonly title: string;
  readonly explanation: string;
  readonly fault: string | Record<string, unknown>;
}

const FAULTS: readonly FaultChoice[] = [
  { title: "Lost response", explanation: "It takes effect, but no response arrives.", fault: "lost-response" },
  { title: "Connection reset", explanation: "It does not take effect.", fault: "connection-reset" },
  { title: "Timeout", explanation: "No response arrives, and the connection stays open.", fault: "timeout" },
  {
    title: "Late arrival",
    explanation: "No response, and it takes effect 5 s later.",
    fault: { arrivesAfterMs: 5000 },
  },
  { title: "Cut off", explanation: "The response breaks off in its body.", fault: "truncated-body" },
  { title: "429 Too Many Requests", explanation: "Retry after 1 s.", fault: rateLimited() },
  { title: "503 Service Unavailable", explanation: "It does not take effect.", fault: { httpStatus: 503 } },
];

/** The faults, the read lag and the automatic kiosk, as switches. */
export class FaultPanel {
  readonly #page: PageContext;
  readonly #faults: readonly { readonly choice: FaultChoice; show(on: boolean): void }[];
  readonly #lag: { show(on: boolean): void };
  readonly #auto: { show(on: boolean): void };

  constructor(page: PageContext) {
    this.#page = page;
    const settings = byId("settings");
    this.#faults = FAULTS.map((choice) => {
      const created = switchButton(choice.title, choice.explanation, (on) => this.#toggle(choice, on));
      byId("faults").append(created.element);
      return { choice, show: created.show };
    });
    const lag = switchButton("Read lag", "Reads show the state of 5 s ago.", (on) =>
      page.change("PATCH", "/settings", { readLagMs: on ? 5000 : 0 }),
    );
    const auto = switchButton("Automatic kiosk", "Each new print becomes PRODUCED after a while.", (on) =>
      page.change("PATCH", "/settings", { auto: on }),
    );
    settings.append(auto.element, lag.element);
    this.#lag = lag;
    this.#auto = auto;
  }

  show({ faults, settings }: StateView): void {
    for (const { choice, show } of this.#faults) show(faults.some((fault) => isSame(fault, choice)));
    this.#lag.show(settings.readLagMs > 0);
    this.#auto.show(settings.auto);
    const others = faults.filter((fault) => !FAULTS.some((choice) => isSame(fault, choice))).length;
    byId("other-faults").textContent = others === 0 ? "" : `And ${others} injected through the control API.`;
  }

  async #toggle(choice: FaultChoice, on: boolean): Promise<void> {
    if (on) {
      const operation = byId<HTMLSelectElement>("fault-operation").value;
      const times = byId<HTMLSelectElement>("fault-times").value === "always" ? "always" : 1;
      const body = { fault: choice.fault, times, ...(operation === "" ? {} : { operation }) };
      await this.#page.change("POST", "/faults", body);
      return;
    }
    const pending = this.#page.state?.faults.filter((fault) => isSame(fault, choice)) ?? [];
    for (const { id } of pending) await this.#page.change("DELETE", `/faults/${id}`);
  }
}

function isSame({ fault }: FaultView, choice: FaultChoice): boolean {
  return JSON.stringify(fault) === JSON.stringify(choice.fault);
}

function rateLimited() {
  return { httpStatus: 429, headers: { "retry-after": "1" } };
}
