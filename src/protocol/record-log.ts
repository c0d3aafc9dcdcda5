/**
 * How records stand in a node's log file: one line each, `length checksum json`, so that a write that a crash cut
 * short is seen and cut off. The length counts UTF-16 units and the CRC-32 (polynomial of IEEE 802.3) runs over them,
 * so that the simulated disk, which keeps strings, and the real one agree.
 */
export interface LogContents {
  readonly records: readonly string[];
  /** How many UTF-16 units of the text hold whole records; what follows is the torn tail. */
  readonly validLength: number;
  readonly torn: boolean;
}

/** A record in the middle of a log does not match its checksum: not a torn tail but damage, so nothing is guessed. */
export class DamagedLogError extends Error {
  override readonly name: string = 'DamagedLogError';
}

export function frameRecord(json: string): string {
  return `${json.length.toString(36)} ${checksum(json).toString(36)} ${json}\n`;
}

/** Reads a whole log. Throws `DamagedLogError` when a record that is not the last one is broken. */
export function readRecords(text: string): LogContents {
  const records: string[] = [];
  let from = 0;
  while (from < text.length) {
    const end = text.indexOf('\n', from);
    const record = end < 0 ? null : readFramed(text.slice(from, end));
    if (record === null) {
      if (end >= 0 && end + 1 < text.length)
        throw new DamagedLogError(
          `Record ${records.length + 1} of the log does not match its checksum, and ${text.length - end - 1} more characters follow. The log is damaged, not torn; move it away to start this node afresh.`,
        );
      return { records, validLength: from, torn: true };
    }
    records.push(record);
    from = end + 1;
  }
  return { records, validLength: from, torn: false };
}

function readFramed(line: string): string | null {
  const first = line.indexOf(' ');
  const second = line.indexOf(' ', first + 1);
  if (first < 0 || second < 0) return null;
  const json = line.slice(second + 1);
  const length = Number.parseInt(line.slice(0, first), 36);
  const sum = Number.parseInt(line.slice(first + 1, second), 36);
  return json.length === length && checksum(json) === sum ? json : null;
}

const table: Uint32Array = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  return crc;
});

function checksum(text: string): number {
  let crc = 0xffffffff;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    crc = (table[(crc ^ unit) & 0xff] as number) ^ (crc >>> 8);
    if (unit > 0xff) crc = (table[(crc ^ (unit >>> 8)) & 0xff] as number) ^ (crc >>> 8);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
