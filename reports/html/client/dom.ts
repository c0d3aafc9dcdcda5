/**
 * As much of a browser as the page script uses. Naming it keeps the script checked by the compiler without making the
 * globals of a browser visible to the whole harness; and what is missing here cannot be used by mistake: there is no
 * innerHTML, and no way to the network.
 */
export interface PageElement {
  textContent: string | null;
  hidden: boolean;
  value: string;
  readonly clientWidth: number;
  readonly dataset: { [name: string]: string | undefined };
  readonly classList: { toggle(name: string, on?: boolean): boolean };
  readonly style: { setProperty(name: string, value: string): void };
  readonly previousElementSibling: PageElement | null;
  setAttribute(name: string, value: string): void;
  append(...children: (PageElement | string)[]): void;
  replaceChildren(...children: PageElement[]): void;
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
  focus(): void;
  addEventListener(type: string, listener: (event: PageEvent) => void): void;
  getBoundingClientRect(): {
    readonly left: number;
    readonly top: number;
    readonly bottom: number;
    readonly width: number;
    readonly height: number;
  };
}

export interface PageEvent {
  readonly key?: string;
  preventDefault(): void;
}

export interface PageDocument {
  readonly documentElement: PageElement;
  createElement(name: string): PageElement;
  createElementNS(namespace: string, name: string): PageElement;
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
}

export interface PageWindow {
  readonly document: PageDocument;
  readonly location: { readonly search: string };
  readonly navigator: { readonly clipboard?: { writeText(text: string): Promise<void> } };
  readonly innerWidth: number;
  readonly innerHeight: number;
  addEventListener(type: string, listener: () => void): void;
  setTimeout(then: () => void, milliseconds: number): unknown;
  getSelection(): { selectAllChildren(of: PageElement): void } | null;
}
