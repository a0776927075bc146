import { describe, expect, it } from 'vitest';
import { diagnose } from '../../packages/whyreset/src/index.ts';
import { timelineToPcap } from '../helpers/timeline.ts';

/** Connections joined in the middle, with bytes that cannot be read: the other connections and the ports decide. */
function connection(client: string, server: string, packets = MIDDLE): string {
  const [clientIp, clientPort] = client.split(':');
  const [serverIp, serverPort] = server.split(':');
  return `client ip ${clientIp} port ${clientPort}\nserver ip ${serverIp} port ${serverPort}\n${packets}`;
}

/** The server is seen first and aborts. */
const MIDDLE = `
  +0.000 < P. len 40
  +0.001 > .
  +0.100 > P. len 30
  +0.120 < .
  +0.300 < R.
`;
const OPENED = `
  +0.010 > S
  +0.030 < S.
  +0.030 > .
  +0.031 > P. len 30
  +0.050 < P. len 40
  +0.051 > F.
  +0.070 < F.
  +0.071 > .
`;

function entries(...connections: string[]) {
  return diagnose(timelineToPcap(connections.join('---\n'))).resets.map(({ connection: c, verdict }) => ({
    client: c.originator,
    basis: c.roles.basis,
    certainty: c.roles.certainty,
    says: c.roles.says,
    verdict,
  }));
}

describe('who is client', () => {
  it('follows from a SYN of another connection to the same endpoint', () => {
    const [entry] = entries(
      connection('10.0.0.1:20111', '10.0.0.2:17171'),
      connection('10.0.0.9:20999', '10.0.0.2:17171', OPENED),
    );
    expect(entry).toMatchObject({ client: '10.0.0.1:20111', basis: 'population', certainty: 'certain' });
    expect(entry!.says).toContain('10.0.0.2:17171');
  });

  it('follows from several connections to one endpoint, none of which shows a SYN', () => {
    const all = entries(
      ...[20_111, 20_222, 20_333].map((port) => connection(`10.0.0.1:${port}`, '10.0.0.2:17171')),
    );
    expect(all.map(({ client }) => client)).toEqual(['10.0.0.1:20111', '10.0.0.1:20222', '10.0.0.1:20333']);
    expect(new Set(all.map(({ basis }) => basis))).toEqual(new Set(['population']));
  });

  it('follows from one port on several servers', () => {
    const all = entries(
      ...[2, 3, 4].map((host) => connection(`10.0.0.1:2011${host}`, `10.0.0.${host}:17171`)),
    );
    expect(all.map(({ client }) => client)).toEqual(['10.0.0.1:20112', '10.0.0.1:20113', '10.0.0.1:20114']);
    expect(all.every(({ basis, certainty }) => basis === 'population' && certainty === 'likely')).toBe(true);
  });

  it('does not follow from a client port that is used again for other servers', () => {
    const all = entries(
      connection('10.0.0.1:51000', '10.0.0.2:17171'),
      connection('10.0.0.1:51000', '10.0.0.3:8080'),
      connection('10.0.0.1:51000', '10.0.0.4:9000'),
    );
    expect(new Set(all.map(({ client }) => client))).toEqual(new Set(['10.0.0.1:51000']));
  });

  it.each([
    ['10.0.0.1:51000', '10.0.0.2:17171', 'ports', 'likely'],
    ['10.0.0.1:40000', '10.0.0.2:443', 'ports', 'certain'],
    ['10.0.0.1:40000', '10.0.0.2:50051', 'list', 'likely'],
    ['10.0.0.1:12000', '10.0.0.2:50051', 'list', 'likely'],
    ['10.0.0.1:12000', '10.0.0.2:6379', 'list', 'likely'],
    ['10.0.0.1:1023', '10.0.0.2:2049', 'list', 'likely'],
  ])('follows from the ports alone: %s to %s', (client, server, basis, certainty) => {
    expect(entries(connection(client, server))).toMatchObject([{ client, basis, certainty }]);
  });

  it.each([
    ['10.0.0.1:20111', '10.0.0.2:17171'],
    ['10.0.0.1:51000', '10.0.0.2:60000'],
    ['10.0.0.1:5432', '10.0.0.2:6379'],
    ['10.0.0.1:7001', '10.0.0.2:7001'],
  ])('is not known between %s and %s, and no cause is more than possible', (client, server) => {
    const [entry] = entries(connection(client, server));
    expect(entry).toMatchObject({ basis: 'none', certainty: 'unknown' });
    expect(['possible', 'undetermined']).toContain(entry!.verdict.certainty);
  });
});

describe('a cause that names a side', () => {
  /** The client writes behind the server's close: proven wherever the sides are. */
  const LATE = `
    +0.000 < P. "some bytes"
    +0.001 > .
    +5.000 < F.
    +5.001 > .
    +9.000 > P. len 30
    +9.020 < R passive
  `;
  it.each([
    ['10.0.0.1:40000', '10.0.0.2:443', 'proven'],
    ['10.0.0.1:51000', '10.0.0.2:17171', 'likely'],
  ])('between %s and %s is at most %s', (client, server, most) => {
    const [{ verdict }] = entries(connection(client, server, LATE)) as [ReturnType<typeof entries>[number]];
    const order = ['undetermined', 'possible', 'likely', 'proven'];
    const named = [verdict.certainty, verdict.general?.certainty ?? 'undetermined'];
    expect(verdict.family).not.toBeNull();
    expect(Math.max(...named.map((word) => order.indexOf(word)))).toBe(order.indexOf(most));
  });

  it('is none where nothing shows the roles: what each would mean is listed', () => {
    const { resets } = diagnose(timelineToPcap(connection('10.0.0.1:20111', '10.0.0.2:17171', LATE)));
    const [{ verdict, statement, alternatives, evidence, next }] = resets as [(typeof resets)[number]];
    expect(verdict).toMatchObject({ cause: null, certainty: 'undetermined', benign: false });
    const conditions = new Set(alternatives.map(({ because }) => because.split(' is the client')[0]));
    expect(conditions).toEqual(new Set(['if 10.0.0.1:20111', 'if 10.0.0.2:17171']));
    expect(statement).toContain('10.0.0.2:17171 closed with the FIN in packet 3');
    expect([statement, ...evidence.map(({ says }) => says)].join()).not.toMatch(
      /the (client|server)’?s? (closed|sent|ended)/,
    );
    expect(next?.text).toContain('SYN');
  });
});

it('a refused connection counts for the server that refused it', () => {
  const REFUSED = '+0.000 > S\n+0.001 < R. refusal\n';
  const all = entries(
    connection('10.0.0.1:20111', '10.0.0.2:17171'),
    connection('10.0.0.9:20999', '10.0.0.2:17171', REFUSED),
  );
  expect(all[0]).toMatchObject({ client: '10.0.0.1:20111', basis: 'population', certainty: 'certain' });
});
