import { describe, expect, it } from 'vitest';
import { explainText } from './explain-text.ts';

describe('what a text rules out', () => {
  it.each([
    ['connect ECONNREFUSED 127.0.0.1:8080', 2],
    ['connect ETIMEDOUT 10.0.0.1:443', 1],
    ['Error: socket hang up\n  reusedSocket: false', 1],
  ])('%s', (text, sentences) => {
    expect(explainText(text)?.rulesOut).toHaveLength(sentences);
  });

  it.each([
    // Winsock gives the same code to a dead established connection.
    'SocketException (10060): A connection attempt failed because the connected party did not properly respond after a period of time',
    'da die Gegenstelle nach einer bestimmten Zeitspanne nicht richtig reagiert hat',
    'could not connect to server',
    'Connection timed out',
  ])('nothing: %s', (text) => {
    expect(explainText(text)?.rulesOut).toEqual([]);
  });
});
