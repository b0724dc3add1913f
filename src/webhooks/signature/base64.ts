/**
 * Decodes standard Base64; `undefined` if the text is not exactly that. `atob` tolerates spaces, missing padding and stray
 * bits; re-encoding and comparing rejects them.
 */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    const binary = atob(text);
    return btoa(binary) === text ? Uint8Array.from(binary, (character) => character.charCodeAt(0)) : undefined;
  } catch {
    return undefined;
  }
}
