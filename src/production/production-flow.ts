import type { FailedProduction, ProducedProduction, Production, ReadyProduction } from "./production.js";

/**
 * Returns whether `produceCard` may be called for a card in this state: it is `READY`, or the last attempt ended in
 * `PRODUCTION_ERROR`. `adviceFor` says what to do before.
 *
 * `false` for a `REQUEST_ERROR`, because that is the answer to one request and not the state of the card: read the status.
 *
 * @see https://docs.wise.com/api-reference/card-kiosk-collection
 */
export function canProduce(production: Production): production is ReadyProduction | FailedProduction {
  return production.status === "READY" || production.status === "PRODUCTION_ERROR";
}

/** Whether nothing more can happen: the card is `PRODUCED`. A `PRODUCTION_ERROR` is not final, the card may be produced again. */
export function isFinal(production: Production): production is ProducedProduction {
  return production.status === "PRODUCED";
}
