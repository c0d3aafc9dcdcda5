// Reads vitest's JSON report, and with which status it ended, and writes "PASSED FAILED" into a file. A skipped test
// counts as failed, unless it reads ../shared/data and that folder is missing: a suite that skips in silence would be
// green without having tested.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';

const [report, counts, ended] = process.argv.slice(2);
const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
const dataIsMissing = !existsSync('../shared/data');
const maySkip = (file) => dataIsMissing && readFileSync(file, 'utf8').includes('shared/data');

let passed = 0;
const failures = [];
for (const { name, status, message, assertionResults } of testResults) {
  const file = relative(process.cwd(), name);
  if (status === 'failed' && assertionResults.every((test) => test.status !== 'failed'))
    failures.push(`${file} did not run: ${message}`);
  for (const test of assertionResults) {
    if (test.status === 'passed') passed += 1;
    else if (test.status === 'failed') failures.push(`${file}: ${test.fullName}`);
    else if (!maySkip(name)) failures.push(`${file}: skipped: ${test.fullName}`);
  }
}
if (passed === 0) failures.push('no test has passed: the suite did not run');
// An error that nobody waited for belongs to no test, and the report does not tell of it.
if (failures.length === 0 && ended !== '0') failures.push(`vitest ended with ${ended}, although no test failed`);
for (const failure of failures) console.log(`FAIL  ${failure}`);
writeFileSync(counts, `${passed} ${failures.length}\n`);
