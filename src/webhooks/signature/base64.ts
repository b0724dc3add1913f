/**
 * The bytes that standard Base64 stands for, or `undefined` if the text is not exactly that. `atob` forgives spaces, missing
 * padding and stray bits; encoding again and comparing forgives nothing.
 */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    const binary = atob(text);
    return btoa(binary) === text ? Uint8Array.from(binary, (character) => character.charCodeAt(0)) : undefined;
  } catch {
    return undefined;
  }
}
