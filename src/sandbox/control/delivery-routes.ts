import type { WebhookDelivery } from "../../testing/webhooks/webhook-delivery.js";
import { nearestMatch } from "../../text/nearest-match.js";
import type { Sandbox } from "../state/sandbox.js";
import { toDeliveriesView } from "../view/to-state-view.js";
import { deliveriesView } from "../view/view-schemas.js";
import { releaseBody } from "./control-bodies.js";
import { ControlProblem } from "./control-problem.js";
import { type ControlRoute, controlRoute } from "./control-route.js";

/** The routes about webhooks. */
export const DELIVERY_ROUTES: readonly ControlRoute[] = [
  controlRoute("GET", "/deliveries", {
    id: "listDeliveries",
    summary: "Lists the deliveries of webhooks, those that went out and those that are held back.",
    response: deliveriesView,
    handle: toDeliveriesView,
  }),
  controlRoute("POST", "/deliveries/hold", {
    id: "holdDeliveries",
    summary: "Holds back all deliveries until they are released.",
    response: deliveriesView,
    problems: [409],
    handle: (sandbox) => {
      if (!sandbox.deliveries.hold())
        throw new ControlProblem(409, "Deliveries are held back already. Release them first.");
      return changedDeliveries(sandbox);
    },
  }),
  controlRoute("POST", "/deliveries/release", {
    id: "releaseDeliveries",
    summary: "Delivers what is held back, in any order, and stops holding back.",
    body: releaseBody,
    response: deliveriesView,
    problems: [404, 409],
    handle: (sandbox, { body: { order = "original", deliveryIds } }) => {
      const { held } = sandbox.deliveries;
      if (held === undefined) throw new ControlProblem(409, "Deliveries are not held back.");
      const chosen = deliveryIds === undefined ? held : deliveryIds.map((id) => findDelivery(held, id));
      sandbox.deliveries.release(() => (order === "reversed" ? chosen.toReversed() : chosen));
      return changedDeliveries(sandbox);
    },
  }),
  controlRoute("POST", "/deliveries/{deliveryId}/redeliver", {
    id: "redeliver",
    summary: "Delivers an event again, with the same delivery id, as Wise may at any time.",
    response: deliveriesView,
    problems: [404],
    handle: (sandbox, { params: { deliveryId = "" } }) => {
      const { sent, held = [] } = sandbox.deliveries;
      findDelivery([...sent.map(({ delivery }) => delivery), ...held], deliveryId);
      sandbox.deliveries.redeliver(deliveryId);
      return changedDeliveries(sandbox);
    },
  }),
];

function findDelivery(deliveries: readonly WebhookDelivery[], deliveryId: string): WebhookDelivery {
  const found = deliveries.find((delivery) => delivery.deliveryId === deliveryId);
  if (found !== undefined) return found;
  const nearest = nearestMatch(
    deliveryId,
    deliveries.map((delivery) => delivery.deliveryId),
  );
  const advice = nearest === undefined ? "There are none yet." : `Did you mean ${nearest}?`;
  throw new ControlProblem(404, `There is no delivery ${deliveryId}. ${advice}`);
}

function changedDeliveries(sandbox: Sandbox) {
  sandbox.changed();
  return toDeliveriesView(sandbox);
}
