import type { Stage } from "./stage.js";

const NAMES = ["WISE_API_TOKEN", "WISE_PROFILE_ID", "WISE_CARD_TOKEN", "WISE_KIOSK_ID"] as const;

/** The hosts that `WISE_BASE_URL` may name: a demo must not print a real card through a gateway to production. */
const LOOPBACK = ["127.0.0.1", "[::1]", "localhost"];

/** Returns Wise's sandbox with the card that the environment variables name, or `undefined` if none of them is set. */
export function sandboxStage(env: NodeJS.ProcessEnv): Stage | undefined {
  const missing = NAMES.filter((name) => !env[name]);
  if (missing.length === NAMES.length) return undefined;
  if (missing.length > 0) {
    throw new Error(`Not set: ${missing.join(", ")}. Set all of ${NAMES.join(", ")} for Wise's sandbox, or none.`);
  }
  const [token = "", profileId = "", cardToken = "", kioskId = ""] = NAMES.map((name) => env[name]);
  const baseUrl = loopbackUrl(env["WISE_BASE_URL"]);
  return {
    title: `Wise's sandbox${baseUrl === undefined ? "" : ` at ${baseUrl}`}: card ${cardToken} of profile ${profileId}.`,
    clientOptions: { environment: "sandbox", ...(baseUrl === undefined ? {} : { baseUrl }), token },
    card: { profileId, cardToken },
    kioskId,
    async [Symbol.asyncDispose]() {},
  };
}

function loopbackUrl(text: string | undefined): string | undefined {
  if (!text) return undefined;
  if (URL.canParse(text) && LOOPBACK.includes(new URL(text).hostname)) return text;
  throw new Error("WISE_BASE_URL must be the URL of a server on this machine, such as http://127.0.0.1:8080.");
}
