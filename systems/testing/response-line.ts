import type { ResponseBody } from '../../src/protocol/wire.ts';

/** Says in one line what a node answered, so that a test can be read like a play. */
export const responseLine = ({ type, ...rest }: ResponseBody): string =>
  type === 'error'
    ? `error ${JSON.stringify(rest['code'])}`
    : [type, ...Object.values(rest).map((value) => JSON.stringify(value))].join(' ');
