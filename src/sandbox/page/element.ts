/** Attributes of an element. `false` and `undefined` leave an attribute out, and `true` sets it without a value. */
type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** What an element contains. Text becomes a text node, so that nothing in it is markup. */
export type Child = Node | string | undefined;

/** Creates an element. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const created = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) created.setAttribute(name, value === true ? "" : String(value));
  }
  created.append(...children.filter((child) => child !== undefined));
  return created;
}

/** Creates a button that calls `onClick`. */
export function button(text: string, onClick: () => unknown, attributes: Attributes = {}): HTMLButtonElement {
  const created = element("button", { type: "button", ...attributes }, text);
  created.addEventListener("click", onClick);
  return created;
}

/** Returns the element of the page with an id. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page has no element #${id}`);
  return found as T;
}
