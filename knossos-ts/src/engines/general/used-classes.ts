/**
 * How often each class of indeterminate operations is in the order. There are few of them in any order and many in a
 * history, so that a use is a short list of class and count, class and count, by class; equal lists have one number.
 */
export class UsedClasses {
  readonly #lists: (readonly number[])[] = [[]];
  readonly #numbers = new Map<string, number>([['', 0]]);
  readonly #next = new Map<number, number>();
  readonly #classes: number;

  /** `classes`: how many there are. */
  constructor(classes: number) {
    this.#classes = classes;
  }

  get bytes(): number {
    return this.#lists.length * 150;
  }

  /** How long the list is: what a look at it costs. */
  length(used: number): number {
    return (this.#lists[used] as readonly number[]).length;
  }

  times(used: number, kind: number): number {
    const list = this.#lists[used] as readonly number[];
    for (let at = 0; at < list.length; at += 2) if (list[at] === kind) return list[at + 1] as number;
    return 0;
  }

  /** With one more use of the class. */
  with(used: number, kind: number): number {
    const question = used * this.#classes + kind;
    const known = this.#next.get(question);
    if (known !== undefined) return known;
    const more = useOnce(this.#lists[used] as readonly number[], kind);
    const name = more.join(' ');
    const number = this.#numbers.get(name) ?? this.#lists.push(more) - 1;
    this.#numbers.set(name, number);
    this.#next.set(question, number);
    return number;
  }

  /** Uses `one` no class more often than `other`? */
  atMost(one: number, other: number): boolean {
    if (one === other || one === 0) return true;
    const few = this.#lists[one] as readonly number[];
    const many = this.#lists[other] as readonly number[];
    let at = 0;
    for (let index = 0; index < few.length; index += 2) {
      const kind = few[index] as number;
      while (at < many.length && (many[at] as number) < kind) at += 2;
      if (at >= many.length || many[at] !== kind || (many[at + 1] as number) < (few[index + 1] as number)) return false;
    }
    return true;
  }
}

function useOnce(used: readonly number[], kind: number): readonly number[] {
  const more: number[] = [];
  let placed = false;
  for (let index = 0; index < used.length; index += 2) {
    const other = used[index] as number;
    if (!placed && other >= kind) {
      more.push(kind, other === kind ? (used[index + 1] as number) + 1 : 1);
      placed = true;
    }
    if (other !== kind) more.push(other, used[index + 1] as number);
  }
  if (!placed) more.push(kind, 1);
  return more;
}
