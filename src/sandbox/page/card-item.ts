import type { CardView } from "../view/view-schemas.js";
import { button, type Child, element } from "./element.js";
import type { FailDialog } from "./fail-dialog.js";
import type { KeyedItem } from "./keyed-list.js";
import type { PageContext } from "./page-context.js";
import { CARD_LEFT_INSIDE, NEXT_STEPS, shortToken } from "./words.js";

/** A card in its lane, with what can happen to it next. */
export class CardItem implements KeyedItem<CardView> {
  readonly element: HTMLElement = element("li", { class: "card", tabindex: -1 });
  readonly #page: PageContext;
  readonly #failDialog: FailDialog;
  #shown = "";

  constructor(page: PageContext, failDialog: FailDialog) {
    this.#page = page;
    this.#failDialog = failDialog;
  }

  update(card: CardView): void {
    const shown = JSON.stringify([card, this.#page.state?.kiosks]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const hadFocus = this.element.contains(document.activeElement);
    const children = [
      element("h4", { title: card.cardToken }, shortToken(card.cardToken)),
      element("p", { class: "profile" }, `Profile ${card.profileId}${printsText(card)}`),
      ...this.#describe(card),
      element("div", { class: "actions" }, ...this.#actions(card)),
      this.#more(card),
    ];
    this.element.replaceChildren(...children.filter((child) => child !== undefined));
    // The button that was used is gone. The next step is the best place to go on.
    if (hadFocus) (this.element.querySelector<HTMLElement>(".actions button") ?? this.element).focus();
  }

  #describe({ production, shown, advice, expired }: CardView): Child[] {
    const failed = production?.status === "PRODUCTION_ERROR";
    const lags = (shown?.status ?? null) !== (production?.status ?? null);
    const kioskId = production?.kioskId ?? undefined;
    return [
      kioskId === undefined ? undefined : element("p", { class: "kiosk" }, `Kiosk ${kioskId}`),
      failed ? element("p", { class: "code" }, production.errorCode ?? "No code") : undefined,
      failed ? element("p", {}, advice?.meaning) : undefined,
      failed && advice?.nextStep ? element("p", { class: "next" }, NEXT_STEPS[advice.nextStep]) : undefined,
      advice?.mayLeaveCard ? element("p", { class: "left" }, CARD_LEFT_INSIDE) : undefined,
      expired ? element("p", { class: "note" }, "Older than 60 days: it cannot be printed.") : undefined,
      lags ? element("p", { class: "note" }, `Reads still show ${shown?.status ?? "nothing"}.`) : undefined,
    ];
  }

  #actions(card: CardView): Child[] {
    const primary = { class: "primary" };
    switch (card.production?.status) {
      case undefined:
        return [button("Make ready", () => this.#page.changeCard(card, "ready"), primary)];
      case "IN_PROGRESS":
        return [
          button("Collect", () => this.#page.changeCard(card, "collect"), primary),
          button("Jam", () => this.#page.changeCard(card, "fail", { errorCode: "PRD_HOPPER_JAM" })),
          button("Fail…", () => this.#failDialog.open(card), { "aria-haspopup": "dialog" }),
        ];
      case "PRODUCED":
        return [];
      default:
        return this.#printButtons(card);
    }
  }

  #printButtons(card: CardView): Child[] {
    const kiosks = this.#page.state?.kiosks ?? [];
    const select = element(
      "select",
      { "aria-label": "Kiosk" },
      ...kiosks.map((kioskId) => element("option", { value: kioskId }, kioskId)),
    );
    select.value = card.production?.kioskId ?? kiosks[0] ?? "";
    const text = card.production?.status === "READY" ? "Print" : "Print again";
    return [
      button(text, () => this.#page.print(card, select.value), { class: "primary" }),
      kiosks.length > 1 ? select : undefined,
    ];
  }

  #more(card: CardView): HTMLElement {
    const change = (text: string, action: string, body?: object) =>
      button(text, () => this.#page.changeCard(card, action, body), { class: "quiet" });
    const isPrinting = card.production?.status === "IN_PROGRESS";
    return element(
      "details",
      {},
      element("summary", {}, "More"),
      element("p", { class: "token" }, card.cardToken),
      element(
        "div",
        { class: "actions" },
        isPrinting ? change("No one collects", "reject") : undefined,
        card.expired ? undefined : change("Make older than 60 days", "expire"),
        change("Reset card", "reset"),
      ),
    );
  }
}

function printsText({ prints }: CardView): string {
  if (prints === 0) return "";
  return prints === 1 ? " · 1 print" : ` · ${prints} prints`;
}
