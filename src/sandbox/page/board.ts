import type { CardView } from "../view/view-schemas.js";
import { CardItem } from "./card-item.js";
import { byId, element } from "./element.js";
import type { FailDialog } from "./fail-dialog.js";
import { KeyedList } from "./keyed-list.js";
import type { PageContext } from "./page-context.js";
import { laneOf, shortToken } from "./words.js";

/** The lanes from left to right. The first one shows only if it has a card. */
const LANES = [
  ["NOT_READY", "Not ready"],
  ["READY", "Ready"],
  ["IN_PROGRESS", "In progress"],
  ["PRODUCTION_ERROR", "Failed"],
  ["PRODUCED", "Produced"],
] as const;

interface Lane {
  readonly element: HTMLElement;
  readonly count: HTMLElement;
  readonly cards: HTMLElement;
}

/** The cards in lanes by their status. */
export class Board {
  readonly #page: PageContext;
  readonly #lanes = new Map<string, Lane>();
  readonly #items = new Map<string, CardItem>();
  readonly #lists = new Map<string, KeyedList<CardView>>();
  /** The lane of each card, to find out what has changed. */
  #places = new Map<string, string>();

  constructor(page: PageContext, failDialog: FailDialog) {
    this.#page = page;
    for (const [status, title] of LANES) {
      const lane = createLane(status, title);
      this.#lanes.set(status, lane);
      byId("lanes").append(lane.element);
      const list = new KeyedList<CardView>(
        lane.cards,
        ({ cardToken }) => cardToken,
        ({ cardToken }) => this.#item(cardToken, failDialog),
      );
      this.#lists.set(status, list);
    }
  }

  show(cards: readonly CardView[]): void {
    const focused = document.activeElement?.closest<HTMLElement>(".card");
    const selected = focused?.contains(document.activeElement) ? (document.activeElement as HTMLElement) : undefined;
    for (const [status, { element, count }] of this.#lanes) {
      const inLane = cards.filter((card) => laneOf(card) === status);
      this.#lists.get(status)?.show(inLane);
      count.textContent = String(inLane.length);
      element.hidden = status === "NOT_READY" && inLane.length === 0;
    }
    // Moving an element to another lane takes the focus away.
    if (selected !== undefined && document.activeElement === document.body) {
      const next = selected.isConnected ? selected : focused?.querySelector<HTMLElement>(".actions button");
      (next ?? focused)?.focus();
    }
    this.#announceMoves(cards);
  }

  #item(cardToken: string, failDialog: FailDialog): CardItem {
    const item = this.#items.get(cardToken) ?? new CardItem(this.#page, failDialog);
    this.#items.set(cardToken, item);
    return item;
  }

  /** Tells screen readers which cards have moved. */
  #announceMoves(cards: readonly CardView[]): void {
    const places = new Map(cards.map((card) => [card.cardToken, laneOf(card)]));
    const moved = cards.filter(({ cardToken }) => {
      const before = this.#places.get(cardToken);
      return before !== undefined && before !== places.get(cardToken);
    });
    this.#places = places;
    const texts = moved.map(({ cardToken, production }) => {
      const code = production?.errorCode;
      return `${shortToken(cardToken)} is ${places.get(cardToken)}${code ? `: ${code}` : ""}.`;
    });
    if (texts.length > 0) byId("moves").textContent = texts.join(" ");
  }
}

function createLane(status: string, title: string): Lane {
  const count = element("span", { class: "count" }, "0");
  const id = `lane-${status}`;
  const cards = element("ul", { class: "cards", "aria-labelledby": id });
  const heading = element("h3", { id }, title, " ", count);
  return { element: element("div", { class: "lane", "data-status": status }, heading, cards), count, cards };
}
