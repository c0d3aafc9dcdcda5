/** Looks at a flaw again, from the operations alone and by the words of its rule, without the sweep that found it. */
import type { Operation, Value } from '../../history/operation.ts';
import { isList, sameValue } from '../../history/value.ts';
import type { ListPlace, ListStory } from './explanation.ts';

export function flawHolds(place: ListPlace, { flaw, accused, other, longest }: ListStory): boolean {
  const { initial } = place;
  const list = elementsOf(accused);
  switch (flaw.kind) {
    case 'lost-beginning':
      return !isBeginning(initial, list);
    case 'thin-air':
      return (
        flaw.at >= initial.length &&
        appendsOf(place, list[flaw.at] as Value).length === 0 &&
        !has(initial, list[flaw.at] as Value)
      );
    case 'duplicate': {
      const element = list[flaw.at] as Value;
      const times = list.filter((one) => sameValue(one, element)).length;
      return times > appendsOf(place, element).length + initial.filter((one) => sameValue(one, element)).length;
    }
    case 'incompatible': {
      const rival = elementsOf(other as Operation);
      return !isBeginning(list, rival) && !isBeginning(rival, list);
    }
    case 'order':
    default: {
      const [late, early] =
        accused.called > (other as Operation).returned ? [accused, other as Operation] : [other as Operation, accused];
      return early.returned < late.called && isAbove(place, early, late, longest);
    }
  }
}

/** In any legal order `late` must come before `early`. */
function isAbove(place: ListPlace, early: Operation, late: Operation, longest: Operation | undefined): boolean {
  if (late.f === 'read' && early.f === 'read') {
    return isBeginning(elementsOf(late), elementsOf(early)) && elementsOf(late).length < elementsOf(early).length;
  }
  const isOnly = (append: Operation): boolean =>
    appendsOf(place, append.input).length === 1 && !has(place.initial, append.input);
  if (late.f === 'read') return isOnly(early) && !has(elementsOf(late), early.input);
  if (early.f === 'read') return isOnly(late) && has(elementsOf(early), late.input);
  if (longest === undefined || !isOnly(early) || !isOnly(late)) return false;
  const list = elementsOf(longest);
  const place1 = list.findIndex((element) => sameValue(element, late.input));
  const place2 = list.findIndex((element) => sameValue(element, early.input));
  return place1 >= 0 && (place2 < 0 || place2 > place1);
}

/** Those that may have taken effect. */
function appendsOf({ history, operation }: ListPlace, element: Value): Operation[] {
  const { columns, members } = history;
  const code = columns.codes.codeOf(element);
  return [...members]
    .filter((number) => columns.element.cells[number] === code)
    .map((number) => operation(number))
    .filter(({ f, type }) => f === 'append' && type !== 'fail');
}

const elementsOf = ({ output }: Operation): readonly Value[] => (isList(output) ? output : []);

const has = (list: readonly Value[], element: Value): boolean => list.some((one) => sameValue(one, element));

const isBeginning = (one: readonly Value[], other: readonly Value[]): boolean =>
  one.length <= other.length && one.every((element, at) => sameValue(element, other[at] as Value));
