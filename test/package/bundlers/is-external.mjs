/** Returns a function that returns whether a module belongs to one of the packages. */
export function isExternal(packages) {
  return (name) => packages.some((one) => name === one || name.startsWith(`${one}/`));
}
