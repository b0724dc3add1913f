import type { DeliveryView, EventView, StateView } from "../view/view-schemas.js";
import { button, byId, element } from "./element.js";
import { type KeyedItem, KeyedList } from "./keyed-list.js";
import type { PageContext } from "./page-context.js";
import { switchButton } from "./switch-button.js";
import { SHOWN_ENTRIES, shortToken, timeOfDay } from "./words.js";

/** A delivery, or an event that is held back. */
interface ListedDelivery {
  readonly key: string;
  readonly event: EventView;
  /** What went out; `undefined` if the event is held back. */
  readonly sent: DeliveryView | undefined;
}

/** The webhooks as they go out, with the receiver's response. */
export class DeliveryPanel {
  readonly #hold: { show(on: boolean): void };
  readonly #list: KeyedList<ListedDelivery>;
  readonly #url = byId<HTMLInputElement>("webhook-url");

  constructor(page: PageContext) {
    const hold = switchButton("Hold back", "Nothing goes out until you release it.", (on) =>
      page.change("POST", on ? "/deliveries/hold" : "/deliveries/release"),
    );
    byId("hold").append(hold.element);
    this.#hold = hold;
    byId("release-reversed").addEventListener("click", () =>
      page.change("POST", "/deliveries/release", { order: "reversed" }),
    );
    byId("webhook-form").addEventListener("submit", async (event) => {
      event.preventDefault();
      const webhookUrl = this.#url.value.trim() || null;
      if (await page.change("PATCH", "/settings", { webhookUrl })) {
        page.announce(webhookUrl === null ? "Webhooks go nowhere." : `Webhooks go to ${webhookUrl}.`);
      }
    });
    this.#list = new KeyedList(
      byId("deliveries"),
      ({ key }) => key,
      ({ event }) => new DeliveryItem(page, event),
    );
  }

  show({ deliveries: { holding, held, sent }, settings }: StateView): void {
    this.#hold.show(holding);
    byId("release-reversed").hidden = held.length < 2;
    if (document.activeElement !== this.#url) this.#url.value = settings.webhookUrl ?? "";
    const repeats = new Map<string, number>();
    const key = (event: EventView, kind: string) => {
      const name = `${kind} ${event.deliveryId}`;
      repeats.set(name, (repeats.get(name) ?? 0) + 1);
      return `${name} ${repeats.get(name)}`;
    };
    const listed = [
      ...sent.map((one) => ({ key: key(one, "sent"), event: one, sent: one })),
      ...held.map((one) => ({ key: key(one, "held"), event: one, sent: undefined })),
    ];
    this.#list.show(listed.toReversed().slice(0, SHOWN_ENTRIES));
    byId("no-deliveries").hidden = listed.length > 0;
  }
}

class DeliveryItem implements KeyedItem<ListedDelivery> {
  readonly element: HTMLElement;
  readonly #time = element("span", { class: "time" });
  readonly #outcome = element("span", { class: "outcome" });

  constructor(page: PageContext, event: EventView) {
    const { deliveryId, status, errorCode, cardToken, body } = event;
    const redeliver = button("Redeliver", () => page.change("POST", `/deliveries/${deliveryId}/redeliver`), {
      "aria-label": `Redeliver ${status ?? "event"} of ${shortToken(cardToken ?? "")}`,
    });
    this.element = element(
      "li",
      { class: "entry" },
      this.#time,
      element("span", { class: "what" }, [status ?? "Another event", errorCode].filter(Boolean).join(" ")),
      this.#outcome,
      element("span", { class: "of" }, shortToken(cardToken ?? "")),
      redeliver,
      element("details", {}, element("summary", {}, "Body"), element("pre", { tabindex: 0 }, indented(body))),
    );
  }

  update({ sent }: ListedDelivery): void {
    const attempt = sent?.attempts.at(-1);
    this.#time.textContent = sent === undefined ? "held" : timeOfDay(attempt?.at ?? sent.at);
    this.#outcome.textContent = sent === undefined ? "held back" : outcomeText(sent);
    const accepted = attempt?.httpStatus != null && attempt.httpStatus >= 200 && attempt.httpStatus < 300;
    this.#outcome.classList.toggle("good", accepted);
    this.#outcome.classList.toggle("bad", attempt !== undefined && !accepted);
  }
}

function outcomeText({ url, attempts }: DeliveryView): string {
  const last = attempts.at(-1);
  if (url === null) return "no receiver";
  if (last === undefined) return "sending…";
  const again = last.attempt === 1 ? "" : `, attempt ${last.attempt}`;
  return `${last.httpStatus ?? last.failure} in ${last.durationMs} ms${again}`;
}

function indented(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}
