/** Blots out secrets in a text. */
export type Redact = (text: string) => string;

/** Below this length a secret could as well be an ordinary word, and blotting it out would garble what Wise said. */
const SHORTEST_SECRET = 8;

/** A function that replaces each of the secrets, wherever it stands in a text; those that hold others first. */
export function redactorOf(secrets: readonly string[]): Redact {
  const long = secrets
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .flatMap(writingsOf)
    .sort((a, b) => b.length - a.length);
  return (text) => long.reduce((rest, secret) => rest.replaceAll(secret, "[redacted]"), text);
}

/** A secret as it is, and as JSON has it, which may also escape slashes. */
function writingsOf(secret: string): readonly string[] {
  const inJson = JSON.stringify(secret).slice(1, -1);
  return [secret, inJson, inJson.replaceAll("/", "\\/")];
}
