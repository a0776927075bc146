import { describe, expect, it } from 'vitest';
import { causes } from '../causes/index.ts';
import { families } from '../families/index.ts';
import { likelihoods } from './likelihood/index.ts';
import { causeSteps } from './steps/causes.ts';
import { productSteps } from './steps/index.ts';

const ids = causes.map(({ id }) => id);

describe('what makes a cause likely in a text', () => {
  it.each(ids)('%s has a row in explain/likelihood and a step in explain/steps/causes', (id) => {
    expect(likelihoods[id]?.why, 'explain/likelihood').toBeTruthy();
    expect(causeSteps[id], 'explain/steps/causes').toBeTruthy();
  });

  it('names no cause that the catalogue does not have', () => {
    expect(Object.keys(likelihoods).filter((id) => !ids.includes(id))).toEqual([]);
    expect(Object.keys(causeSteps).filter((id) => !ids.includes(id))).toEqual([]);
    const known = [...ids, ...families.map(({ id }) => id), 'any'];
    for (const { product, steps } of productSteps)
      expect(
        Object.keys(steps).filter((id) => !known.includes(id)),
        product,
      ).toEqual([]);
  });

  it('speaks in lines without a final stop', () => {
    for (const { why } of Object.values(likelihoods)) expect(why).not.toMatch(/\.$/);
    for (const step of [
      ...Object.values(causeSteps),
      ...productSteps.flatMap(({ steps }) => Object.values(steps)),
    ])
      expect(step).not.toMatch(/\.$/);
  });
});
