/** The algorithm with which Wise signs. */
const ALGORITHM = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };

/**
 * Returns a function that does only what every receiver of a webhook must do: decode the signature, verify it with a key that was
 * imported before, decode the text and parse the JSON. It checks nothing else, and its errors say nothing.
 *
 * @param {string} publicKey the key, as SPKI PEM text.
 * @returns {Promise<(body: Uint8Array, headers: Record<string, string>) => Promise<unknown>>}
 */
export async function createBareUnwrap(publicKey) {
  const spki = decodeBase64(publicKey.replace(/-----[^-]+-----|\s/g, ""));
  const key = await crypto.subtle.importKey("spki", spki, ALGORITHM, true, ["verify"]);
  return async (body, headers) => {
    const signature = decodeBase64(headers["x-signature-sha256"]);
    if (!(await crypto.subtle.verify(ALGORITHM, key, signature, body)))
      throw new Error("The signature does not match.");
    return JSON.parse(new TextDecoder().decode(body));
  };
}

function decodeBase64(text) {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index += 1) bytes[index] = binary.charCodeAt(index);
  return bytes;
}
