// npm run conformance [-- --driver 'COMMAND'] [--topic NAME …] [--json]: puts every vector to a driver and prints a report.

import process from 'node:process';
import { DriverFailure, DriverProcess } from './driver-process.ts';
import { readArguments } from './read-arguments.ts';
import { type Outcome, runVectors } from './run-vectors.ts';
import { vectorFiles } from './vector-files.ts';

const OWN_DRIVER = `"${process.execPath}" node/bin/comity.mjs conformance`;

const USAGE = `Puts every vector of protocol/vectors to a driver (protocol/conformance.md) and prints a report.

  npm run conformance [-- OPTIONS]

  --driver COMMAND   the driver, run by the shell; without it that of this program
  --topic NAME       only the vectors of this chapter; may be given several times
  --json             one JSON object instead of text

Exit code 0 where every verdict and result is right, 1 where not, 2 where the command is not understood.
`;

const { values } = readArguments(USAGE, {
  driver: { type: 'string', default: OWN_DRIVER },
  topic: { type: 'string', multiple: true, default: [] },
  json: { type: 'boolean', default: false },
});

const all = vectorFiles();
const topics = [...new Set(all.map(({ topic }) => topic))];
const unknown = values.topic.filter((topic) => !topics.includes(topic));
if (unknown.length > 0) {
  process.stderr.write(`Unknown: ${unknown.join(', ')}. There are: ${topics.join(', ')}\n`);
  process.exit(2);
}
const files = all.filter(({ topic }) => values.topic.length === 0 || values.topic.includes(topic));
const driver = new DriverProcess(values.driver);
try {
  const outcomes = await runVectors(driver, files);
  await driver.close();
  if (values.json) process.stdout.write(`${JSON.stringify(asJson(outcomes), null, 2)}\n`);
  else process.stdout.write(asText(outcomes));
  process.exitCode = outcomes.some(({ result }) => result === 'fail') ? 1 : 0;
} catch (error) {
  if (!(error instanceof DriverFailure)) throw error;
  await driver.kill();
  process.stderr.write(`The driver breaks the line protocol: ${error.message}\n`);
  process.exitCode = 1;
}

function counts(outcomes: readonly Outcome[]): {
  vectors: number;
  passed: number;
  otherCode: number;
  failed: number;
} {
  const count = (result: Outcome['result']): number =>
    outcomes.filter((outcome) => outcome.result === result).length;
  return {
    vectors: outcomes.length,
    passed: count('pass'),
    otherCode: count('other-code'),
    failed: count('fail'),
  };
}

function asJson(outcomes: readonly Outcome[]): object {
  return {
    version: 1,
    ...counts(outcomes),
    failures: outcomes.filter(({ result }) => result === 'fail'),
    otherCodes: outcomes.filter(({ result }) => result === 'other-code'),
  };
}

function asText(outcomes: readonly Outcome[]): string {
  const lines = topics.flatMap((topic) => {
    const own = outcomes.filter(({ path }) => path.split('/')[1] === topic);
    if (own.length === 0) return [];
    const { vectors, passed, otherCode, failed } = counts(own);
    return [
      `${topic.padEnd(14)} ${String(vectors).padStart(5)} vectors ${String(passed).padStart(5)} passed` +
        `${otherCode > 0 ? `  ${otherCode} refused with another code` : ''}${failed > 0 ? `  ${failed} FAILED` : ''}`,
    ];
  });
  const problems = outcomes
    .filter(({ result }) => result !== 'pass')
    .sort((a, b) => Number(a.result === 'other-code') - Number(b.result === 'other-code'))
    .slice(0, 40)
    .map(({ path, vector, answer, result }) =>
      [
        `${result === 'fail' ? 'FAILED' : 'another code'}  ${path}: ${vector.comment}`,
        `  expected ${vector.code ?? JSON.stringify(vector.out)}`,
        `  answered ${answer.ok ? JSON.stringify(answer.out) : answer.code}`,
      ]
        .map((line) => line.slice(0, 400))
        .join('\n'),
    );
  const { vectors, passed, otherCode, failed } = counts(outcomes);
  const sum = `${vectors} vectors, ${passed} passed, ${otherCode} refused with another code, ${failed} failed`;
  return `${[...lines, '', ...problems, sum].join('\n')}\n`;
}
