/**
 * Decodes standard Base64; `undefined` if the text is not exactly that. `atob` tolerates spaces, missing padding and stray
 * bits; re-encoding and comparing rejects them.
 */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    const binary = atob(text);
    return btoa(binary) === text ? toCharacterCodes(binary) : undefined;
  } catch {
    return undefined;
  }
}

/** Returns the codes of characters up to U+00FF. `Uint8Array.from` with a callback takes ten times as long as this loop. */
function toCharacterCodes(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) bytes[index] = text.charCodeAt(index);
  return bytes;
}
