/** What the codec can carry: a message, a record, a value of a key. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
