/**
 * How libfaketime is put over a program. NO_CACHE: it looks into the file at every look at the clock, so that a step
 * takes effect at once. The monotonic clock is left alone, or timers would jump too.
 */
export const clockVariables = (library: string, file: string): { readonly [name: string]: string } => ({
  LD_PRELOAD: library,
  FAKETIME_TIMESTAMP_FILE: file,
  FAKETIME_NO_CACHE: '1',
  FAKETIME_DONT_FAKE_MONOTONIC: '1',
  NO_FAKE_STAT: '1',
});
