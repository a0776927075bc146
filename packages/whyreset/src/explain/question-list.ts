import type { Mark, Observation } from '../logs/observation.ts';

/** What a maintainer asks first, with the answers that move the list. */
export interface Question {
  /** Also the name of the option that answers it: `--interval fixed`. */
  id: string;
  ask: string;
  /** Where the answer is known, or tells nothing. */
  unless?: (seen: Observation) => boolean;
  answers: readonly { id: string; says: string; marks: readonly Mark[] }[];
}

/** Nothing had been asked of the server yet: no pause and no reuse comes before that. */
const isEarly = ({ stage }: Observation): boolean => stage === 'tls' || stage === 'connecting';
/** Nothing was outstanding: the connection is an old one, and no body was under way. */
const isLate = ({ stage }: Observation): boolean => stage === 'idle' || stage === 'tunnel';

export const questions: readonly Question[] = [
  {
    id: 'idle',
    ask: 'Was the connection idle for a minute or longer before it failed?',
    unless: (seen) => isEarly(seen) || seen.shown.has('took-long') || seen.mentioned.has('took-long'),
    answers: [
      { id: 'yes', says: 'yes, it was idle', marks: ['idle-before'] },
      { id: 'no', says: 'no, it was busy', marks: ['long-request'] },
    ],
  },
  {
    id: 'reused',
    ask: 'Does it hit a reused connection or a new one (does it stop with keep-alive off)?',
    unless: (seen) =>
      isEarly(seen) || isLate(seen) || seen.service === 'ssh' || seen.shown.has('idle-before'),
    answers: [
      { id: 'reused', says: 'a reused one', marks: ['reused', 'pool'] },
      { id: 'new', says: 'a new one, or it goes on with keep-alive off', marks: ['fresh'] },
    ],
  },
  {
    id: 'interval',
    ask: 'Does it come at a fixed interval, or at irregular times?',
    answers: [
      { id: 'fixed', says: 'at a fixed interval', marks: ['interval', 'idle-before'] },
      { id: 'random', says: 'at irregular times', marks: ['random'] },
    ],
  },
  {
    id: 'size',
    ask: 'Does it fail only with large bodies or answers, while small ones pass?',
    unless: (seen) => isLate(seen) || (isEarly(seen) && seen.end !== 'silence'),
    answers: [
      { id: 'large', says: 'only with large ones', marks: ['large-only', 'large-body', 'upload'] },
      { id: 'any', says: 'with any size', marks: [] },
    ],
  },
  {
    id: 'name',
    ask: 'Do other names work from this client, and this name from another network?',
    unless: ({ stage }) => stage !== 'tls',
    answers: [
      { id: 'yes', says: 'yes, only this name from here fails', marks: ['by-name'] },
      { id: 'no', says: 'no, this name fails from everywhere', marks: ['certificate'] },
    ],
  },
  {
    id: 'path',
    ask: 'What lies between the two: nothing, a NAT or firewall, a balancer, Kubernetes, a VPN?',
    answers: [
      { id: 'nothing', says: 'nothing, the same network', marks: ['localhost'] },
      { id: 'firewall', says: 'a NAT or firewall', marks: ['firewall'] },
      { id: 'balancer', says: 'a balancer or proxy', marks: ['balancer'] },
      { id: 'kubernetes', says: 'Kubernetes', marks: ['kubernetes', 'conntrack'] },
      { id: 'vpn', says: 'a VPN or tunnel', marks: ['vpn', 'mtu'] },
    ],
  },
  {
    id: 'restart',
    ask: 'Was the server restarted, deployed or killed in that minute, or did many clients fail at once?',
    answers: [
      { id: 'yes', says: 'yes', marks: ['restart', 'many-at-once'] },
      { id: 'no', says: 'no', marks: [] },
    ],
  },
  {
    id: 'load',
    ask: 'Does it come only under load?',
    answers: [
      { id: 'yes', says: 'yes, under load', marks: ['concurrent'] },
      { id: 'no', says: 'no, also when it is quiet', marks: ['idle-before'] },
    ],
  },
];
