import { describe, expect, test } from 'vitest';
import tamperingSignature from '../../packages/whyreset/src/evidence/sender/tampering-signature.ts';
import { SIGNATURES } from '../../packages/whyreset/src/evidence/sender/tampering-signatures.ts';
import { captureToSubjects } from '../helpers/subject.ts';
import { timelineToPcap } from '../helpers/timeline.ts';

/** The published number and the direction of each match, from real packets; the last connection of the text. */
function matchesOf(text: string): string[] {
  const subject = captureToSubjects(timelineToPcap(text), 'every')[0]!;
  const fact = tamperingSignature.of(subject);
  return fact.known ? fact.matches.map(({ signature, side }) => `${signature.number} ${side}`) : [];
}

const SYN = '+0 > S';
const ACK = `${SYN}\n+0.04 < S.\n+0.04 > .`;
const PSH = `${ACK}\n+0.05 > P. "GET /forbidden HTTP/1.1\\r\\n"`;
const DATA = `${PSH}\n+0.1 < P. len 100\n+0.1 > P. len 60`;
/** Another connection that shows the capture to run on. */
const LATER = '---\n+9 > S';

/** One example for each of the 19, as a server would see it: in the client's name. */
const EXAMPLES: Record<keyof typeof SIGNATURES, string> = {
  synSilence: `${SYN}\n${LATER}`,
  synRst: `${SYN}\n+0.01 > R nots`,
  synRstAck: `${SYN}\n+0.01 > R. nots`,
  synBoth: `${SYN}\n+0.01 > R nots\n+0.01 > R. nots`,
  ackSilence: `${ACK}\n${LATER}`,
  ackRst: `${ACK}\n+0.06 > R nots`,
  ackRsts: `${ACK}\n+0.06 > R nots\n+0.06 > R nots`,
  ackRstAck: `${ACK}\n+0.06 > R. nots`,
  ackRstAcks: `${ACK}\n+0.06 > R. nots\n+0.06 > R. nots`,
  pshSilence: `${PSH}\n+0.06 < .\n${LATER}`,
  pshRst: `${PSH}\n+0.06 > R nots`,
  pshRstAck: `${PSH}\n+0.06 > R. nots`,
  pshBoth: `${PSH}\n+0.06 > R nots\n+0.06 > R. nots`,
  pshRstAcks: `${PSH}\n+0.06 > R. nots\n+0.06 > R. nots`,
  pshSameAck: `${PSH}\n+0.06 > R nots\n+0.06 > R nots seq 1460`,
  pshOtherAck: `${PSH}\n+0.06 > R nots rawack 7\n+0.06 > R nots rawack 1467`,
  pshZeroAck: `${PSH}\n+0.06 > R nots rawack 7\n+0.06 > R nots`,
  dataRst: `${DATA}\n+0.2 > R nots`,
  dataRstAck: `${DATA}\n+0.2 > R. nots\n+0.2 > R. nots`,
};

test('there are nineteen, four, five, eight and two by stage, as published', () => {
  const all = Object.values(SIGNATURES);
  expect(all.map(({ number }) => number)).toEqual(Array.from({ length: 19 }, (_, i) => i + 1));
  const stages = all.map(({ stage }) => stage);
  expect(['syn', 'ack', 'psh', 'data'].map((s) => stages.filter((stage) => stage === s).length)).toEqual([
    4, 5, 8, 2,
  ]);
});

describe('in the name of the client', () => {
  test.each(Object.entries(SIGNATURES))('%s is $name', (key, { number }) => {
    const found = matchesOf(EXAMPLES[key as keyof typeof SIGNATURES]);
    expect(found).toContain(`${number} originator`);
  });
});

describe('in the name of the server', () => {
  const resets = Object.entries(EXAMPLES).filter(([key]) => !key.endsWith('Silence'));
  test.each(resets)('%s, turned round', (key, text) => {
    const turned = text.replaceAll(/^(\+[\d.]+) > (R)/gm, '$1 < $2');
    const { number } = SIGNATURES[key as keyof typeof SIGNATURES];
    expect(matchesOf(turned)).toContain(`${number} responder`);
  });

  test('a server that says nothing to a SYN or to the first data', () => {
    expect(matchesOf(`${SYN}\n${LATER}`)).toContain('1 responder');
    expect(matchesOf(`${PSH}\n+0.3 > P. seq 1 len 20\n${LATER}`)).toEqual(['10 responder']);
  });
});

test('both directions at once', () => {
  expect(matchesOf(`${PSH}\n+0.06 < R. nots\n+0.06 > R. nots`)).toEqual(['12 originator', '12 responder']);
});

describe('no signature', () => {
  test.each([
    ['silence, when the capture ended at once', SYN],
    ['silence, when the capture ended 2 s later', `${SYN}\n---\n+2 > S`],
    ['SYNs again and again', `${SYN}\n+1 > S seq 0\n+3 > S seq 0\n${LATER}`],
    ['silence after an answer that was acknowledged', `${PSH}\n+0.09 < P. len 9\n+0.09 > .\n${LATER}`],
    ['a RST after a FIN', `${PSH}\n+0.09 < F.\n+0.1 > R`],
    ['both kinds right after the handshake', `${ACK}\n+0.06 > R nots\n+0.06 > R. nots`],
    ['the middle of a stream', '+0 > P. len 5\n+0.02 < P. len 5\n+0.03 < R.'],
    [
      'a RST after the first ten packets',
      `${ACK}\n${Array.from({ length: 10 }, (_, i) => `+${i + 1} > P. len 9\n+${i + 1}.02 < P. len 9`).join('\n')}\n+20 < R.`,
    ],
  ])('%s', (_name, text) => {
    expect(matchesOf(text)).toEqual([]);
  });

  test('a silent server after a handshake owes nothing', () => {
    expect(matchesOf(`${ACK}\n${LATER}`)).toEqual(['5 originator']);
  });
});

test('a match names its harmless twin and claims no more than it knows', () => {
  const subject = captureToSubjects(timelineToPcap(EXAMPLES.pshZeroAck), 'every')[0]!;
  const fact = tamperingSignature.of(subject);
  expect(fact.known && fact.matches[0]!.says).toBe(
    'towards the server it fits the published tampering signature ⟨PSH+ACK → RST;RST₀⟩ (after the first data); the same is seen of a host without the connection: it answers each packet with a RST of its own',
  );
});
