/** Any class, abstract ones included. */
type Class = abstract new (...args: never[]) => object;

const brandFor = (name: string): symbol => Symbol.for(`wise-card-kiosk.${name}`);

/**
 * Gives a class its `name`, whatever a bundler made of it, and a brand that `instanceof` goes by, so that errors are
 * recognised across entry points and across the ESM and CommonJS builds, which each hold a copy of the class.
 *
 * A subclass made by a user has no brand of its own, and `instanceof` of it is the ordinary one.
 */
export function brand(errorClass: Class, name: string): void {
  const key = brandFor(name);
  Object.defineProperty(errorClass, "name", { value: name, configurable: true });
  Object.defineProperty(errorClass.prototype, key, { value: true });
  Object.defineProperty(errorClass.prototype, "name", { value: name, configurable: true, writable: true });
  Object.defineProperty(errorClass, Symbol.hasInstance, {
    value(this: Class, value: unknown): boolean {
      return this === errorClass ? hasBrand(value, key) : Function.prototype[Symbol.hasInstance].call(this, value);
    },
  });
}

function hasBrand(value: unknown, key: symbol): boolean {
  try {
    return typeof value === "object" && value !== null && key in value;
  } catch {
    // A proxy that refuses.
    return false;
  }
}
