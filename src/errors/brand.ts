/** Any class, including abstract ones. */
type Class = abstract new (...args: never[]) => object;

const brandFor = (name: string): symbol => Symbol.for(`wise-card-kiosk.${name}`);

/**
 * Sets the `name` of a class, because bundlers may rename it, and the brand that `instanceof` checks. The brand makes errors
 * recognisable across entry points and across the ESM and CommonJS builds, each of which has its own copy of the class.
 *
 * A user's subclass has no brand of its own: `instanceof` works for it as usual.
 *
 * Returns the name, for the static field `name` of the class. Bundlers drop an unused class if its fields are marked as pure, but
 * keep one that has a `static` block.
 */
export function brand(errorClass: Class, name: string): string {
  const key = brandFor(name);
  // Writable, because some transpilers turn the static field `name` into an assignment.
  Object.defineProperty(errorClass, "name", { value: name, configurable: true, writable: true });
  Object.defineProperty(errorClass.prototype, key, { value: true });
  Object.defineProperty(errorClass.prototype, "name", { value: name, configurable: true, writable: true });
  Object.defineProperty(errorClass, Symbol.hasInstance, {
    value(this: Class, value: unknown): boolean {
      return this === errorClass ? hasBrand(value, key) : Function.prototype[Symbol.hasInstance].call(this, value);
    },
  });
  return name;
}

function hasBrand(value: unknown, key: symbol): boolean {
  try {
    return key in (value as object);
  } catch {
    // It is not an object, or a proxy that throws.
  }
  return false;
}
