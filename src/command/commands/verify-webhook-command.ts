import { KioskArgumentError } from "../../errors/argument-error.js";
import { describeProduction } from "../../production/describe-production.js";
import { printable } from "../../text/printable.js";
import type { KioskWebhookEvent } from "../../webhooks/event/webhook-event.js";
import type { WebhookSigner } from "../../webhooks/kiosk-webhooks-options.js";
import type { Command, Invocation } from "../definition/command.js";
import { EXIT } from "../definition/exit-code.js";
import { withOptionNames } from "../definition/with-option-names.js";
import { readInput } from "../input/read-input.js";
import { parseWiseEnvironment } from "../input/wise-endpoint.js";

export const verifyWebhookCommand: Command = {
  name: "verify-webhook",
  summary: "Checks the signature of a webhook, and shows its event",
  details: [
    "FILE holds the body exactly as it arrived; - is stdin. Wise's key for the",
    "environment is trusted, or else the key of --public-key-file. The signature proves",
    "that Wise sent the event. Only its subscription says whether it is yours.",
  ],
  parameters: [{ name: "FILE", isFile: true }],
  options: ["signature", "environment", "public-key-file"],
  async run(invocation) {
    const { parameters, options, io, results } = invocation;
    const signature = options.signature?.trim() ?? "";
    if (signature === "") throw new KioskArgumentError("--signature", "is missing: --signature BASE64");
    checkInputs(invocation);
    const signer = await readSigner(invocation);
    const body = await readInput("FILE", parameters[0] ?? "", io);
    if (body.length === 0)
      throw new KioskArgumentError("FILE", "is empty. It must hold the body exactly as it arrived");
    // Other commands start sooner without it.
    const { KioskWebhooks } = await import("../../webhooks/kiosk-webhooks.js");
    const event = await withOptionNames({ "publicKeys[0]": "--public-key-file" }, () =>
      new KioskWebhooks(signer).unwrap(body, { "x-signature-sha256": signature }),
    );
    const { deliveryId: _deliveryId, isTest: _isTest, ...signed } = event;
    results.write(signed, describeEvent(event));
    return EXIT.done;
  },
};

/** The environment variable may be set for other commands, so it does not contradict the key. */
function checkInputs({ parameters, options }: Invocation): void {
  const keyFile = options["public-key-file"];
  if (keyFile === undefined) return;
  if (options.environment !== undefined) {
    throw new KioskArgumentError(
      "--environment",
      "cannot be combined with --public-key-file, which replaces Wise's key",
    );
  }
  if (keyFile === "-" && parameters[0] === "-") {
    throw new KioskArgumentError(
      "--public-key-file",
      "cannot be stdin (-) if FILE is, because stdin is read only once",
    );
  }
}

async function readSigner({ options, io }: Invocation): Promise<WebhookSigner> {
  const file = options["public-key-file"];
  if (file !== undefined) {
    const key = await readInput("--public-key-file", file, io);
    return { publicKeys: [key.toString("utf8")] };
  }
  const environment = parseWiseEnvironment(options, io.env);
  if (environment !== undefined) return { environment };
  throw new KioskArgumentError(
    "--environment",
    "must be sandbox or production (there is no default) unless --public-key-file is given; or set WISE_ENVIRONMENT",
  );
}

function describeEvent(event: KioskWebhookEvent): string {
  const content =
    event.type === "other"
      ? `Event ${event.eventType}, which this program does not decode.`
      : `Card ${event.profileId}:${event.cardToken ?? "?"}. ${describeProduction(event.production)}`;
  const origin = `Subscription ${event.subscriptionId ?? "unknown"}, sent at ${event.sentAt ?? "an unknown time"}.`;
  return ["The signature matches.", content, origin].map((line) => printable(line, 1000)).join("\n");
}
