import type { RequestView, StateView } from "../view/view-schemas.js";
import { byId, element } from "./element.js";
import { type KeyedItem, KeyedList } from "./keyed-list.js";
import { SHOWN_ENTRIES, shortToken, timeOfDay } from "./words.js";

/** The requests to Wise's API and their responses. */
export class RequestPanel {
  readonly #list = new KeyedList<readonly [key: string, request: RequestView]>(
    byId("requests"),
    ([key]) => key,
    ([, request]) => createItem(request),
  );

  show({ requests }: StateView): void {
    const repeats = new Map<string, number>();
    const keyed = requests.map((request) => {
      const name = `${request.at} ${request.method} ${request.path}`;
      repeats.set(name, (repeats.get(name) ?? 0) + 1);
      return [`${name} ${repeats.get(name)}`, request] as const;
    });
    this.#list.show(keyed.toReversed().slice(0, SHOWN_ENTRIES));
    byId("no-requests").hidden = keyed.length > 0;
  }
}

function createItem({ at, operation, method, path, cardToken, response, fault, tookEffect }: RequestView) {
  const status = response?.status;
  const isGood = status !== undefined && status < 400;
  const faultText = fault === null ? undefined : typeof fault === "string" ? fault : "injected fault";
  const outcome = [status ?? "no response", faultText].filter((word) => word !== undefined).join(", ");
  const item: KeyedItem<unknown> = {
    element: element(
      "li",
      { class: "entry" },
      element("span", { class: "time" }, timeOfDay(at)),
      element("span", { class: "what" }, operation ?? `${method} ${path}`),
      element("span", { class: `outcome ${isGood ? "good" : "bad"}` }, outcome),
      element("span", { class: "of" }, cardToken === null ? "" : shortToken(cardToken)),
      tookEffect ? element("span", { class: "effect" }, "took effect") : undefined,
    ),
    update: () => {},
  };
  return item;
}
