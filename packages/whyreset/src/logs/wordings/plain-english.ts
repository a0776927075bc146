import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'any program',
    source: 'words that people and programs use for the same things, no product in particular',
    strength: 'guess',
    verified: 'remembered',
  },
  [
    {
      id: 'plain-closed',
      class: 'CLOSED',
      regexp:
        /\b(?:connections?|sockets?|channel|session|link|stream|tunnel|peer|remote(?: host| side| end| server)?|server|host|client|broker)\b[^\n.;]{0,40}?\b(?:closed|closing|dropp(?:ed|ing)|lost|terminated|aborted|disconnect(?:ed|s|ing)?|broken|defunct|interrupted|severed|killed|gone|hung up|shut ?down|ended unexpectedly|died)\b/i,
      examples: [
        'LDAP connection has been closed; remaining name',
        'Server unexpectedly closed network connection.',
        'the socket was dropped',
      ],
    },
    {
      id: 'plain-closed-verb',
      class: 'CLOSED',
      regexp:
        /\b(?:closed|dropped|lost|terminated|aborted|disconnected|broken|defunct|interrupted|dead|stale|unexpected termination of|unexpected disconnect\w*|losing)\b[^\n.;]{0,24}?\b(?:connections?|sockets?|channel|session|link|stream|tunnel)\b|\bdisconnected (?:from|unexpectedly|by)\b|\bgot disconnected\b|\bkeeps? (?:disconnecting|dropping)\b/i,
      examples: [
        'Failed to read from defunct connection Address',
        'java.io.IOException: Unexpected termination of the channel',
        'it keeps disconnecting',
      ],
    },
    {
      id: 'plain-reset',
      class: 'RST-READ',
      regexp:
        /\b(?:connections?|sockets?|stream|peer|server|tcp)\b[^\n.;]{0,40}?\bresets?\b|\b(?:tcp )?resets? (?:packets?|by|from)\b|\bRST(?: packets?|,? ?ACK)\b/i,
      examples: ['the server sends a TCP reset', 'I see RST packets'],
    },
    {
      id: 'plain-timeout',
      class: 'TIMEOUT',
      regexp:
        /\b(?:time[ds]?[- ]?outs?|timing out)\b|\b(?:no|without (?:a|any)) (?:response|reply|answer)\b|\b(?:not|stopped|never) (?:responding|answering|respond\w*)\b|\bunresponsive\b|\b(?:hangs?|hung|stuck|freezes)\b(?=[^\n]{0,60}\b(?:connect\w*|request|query|server|socket|read)\b)/i,
      examples: ['the request keeps timing out', 'no response from server', 'the server stopped responding'],
    },
    {
      id: 'plain-refused',
      class: 'REFUSED',
      ended: 'unclear',
      regexp:
        /\b(?:unable|failed|could ?n[o']t|can ?n[o']t|cannot|can't|not able) (?:to )?(?:re)?(?:connect|reach|establish|open (?:a )?connection)\b|\bconnection (?:attempt )?(?:failed|failure|rejected|error)\b|\bconnect(?:ion)? to \S{1,253} failed\b|\brefused\b/i,
      examples: ['Unable to connect to the server', 'could not connect to broker', 'connection failed'],
    },
  ],
);
