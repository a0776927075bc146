import { defineRule } from '../rule.ts';
import { editOf, placesOf, whereOf } from '../say.ts';
import { durationText } from '../units.ts';

export default defineRule({
  id: 'stop-order',
  severity: 'error',
  title: 'A program has finished before it is killed.',
  why: 'When the grace period is over the process is killed: requests under way end without an answer, and what its kernel still holds unread is answered by a RST.',
  sources: ['kubernetes.io Pod termination', 'docs.docker.com stop_grace_period'],
  bad: [
    {
      title: 'sleep and drain take longer than the grace period',
      files: {
        'deploy.yaml':
          'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec:\n  template:\n    spec:\n      terminationGracePeriodSeconds: 30\n      containers:\n        - name: web\n          command: [gunicorn, --graceful-timeout, "30", -b, ":8000", "app:app"]\n          lifecycle: { preStop: { exec: { command: [sleep, "15"] } } }\n',
      },
    },
    {
      title: 'Compose waits 10 s',
      files: { 'compose.yaml': 'services:\n  web:\n    command: gunicorn -b 0.0.0.0:8000 app:app\n' },
    },
  ],
  good: [
    {
      title: 'a longer grace period',
      files: {
        'deploy.yaml':
          'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec:\n  template:\n    spec:\n      terminationGracePeriodSeconds: 60\n      containers:\n        - name: web\n          command: [gunicorn, --graceful-timeout, "30", -b, ":8000", "app:app"]\n          lifecycle: { preStop: { exec: { command: [sleep, "15"] } } }\n',
      },
    },
  ],
  hop(hop) {
    const { terminationGrace: grace, stopDelay: delay, drainTimeout: drain } = hop.process;
    const sum = (delay?.value ?? 0) + (drain?.value ?? 0);
    if (!grace || sum === 0 || sum <= grace.value) return null;
    const parts = [
      ...(delay ? [`waits ${durationText(delay.value)} (${delay.name})`] : []),
      ...(drain
        ? [
            `takes up to ${durationText(drain.value)} to finish (${drain.name}${drain.origin.kind === 'default' ? ', the default' : ''})`,
          ]
        : []),
    ];
    return {
      message: `${hop.name} ${parts.join(' and ')}; it is killed ${durationText(grace.value)} after the signal (${grace.name}${grace.origin.kind === 'default' ? ', the default' : ''})`,
      positions: placesOf([grace, hop], [delay ?? drain, hop], [drain ?? delay, hop]),
      edits: [
        {
          at: grace.origin.kind === 'written' ? grace.origin.at : null,
          where: whereOf(hop),
          text: `${grace.name}: ${Math.ceil(sum + 5)}${grace.name === 'stop_grace_period' ? 's' : ''}`,
        },
        ...(drain
          ? [
              editOf(
                'process',
                hop,
                'drainTimeout',
                drain,
                Math.max(1, grace.value - (delay?.value ?? 0) - 5),
              ),
            ]
          : []),
      ].filter((edit) => edit !== null),
    };
  },
});
