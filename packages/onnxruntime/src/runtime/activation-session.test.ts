import { createReferenceBackend, type TensorSpec, velu } from '@isoact/core';
import { describe, expect, test } from 'vitest';
import { expectNear, providers, sample } from '../testing/nearness.ts';
import { createSession } from './activation-session.ts';

describe.each(providers)('%s', (provider) => {
  const spec: TensorSpec = { shape: [8, 100], dtype: 'float32' };
  const values = sample(800);

  test('chains sessions on tensors that stay on the device', async () => {
    const session = await createSession(velu(), spec, { provider });
    const x = await session.upload(values, spec.shape);
    const first = await session.run({ x });
    const second = await session.run({ x: first.y as typeof x });
    await session.finished();

    const reference = await createReferenceBackend().compile(velu(), spec);
    const once = await reference.forward({ x: values });
    const twice = await reference.forward({ x: once.y });
    expectNear(await session.download(second.y as typeof x), twice.y, { x: values });
    if (provider === 'webgpu') expect(second.y?.location).toBe('gpu-buffer');

    await session.dispose();
    await expect(session.run({ x })).rejects.toThrow('must be in use');
  });

  test('gives gradients', async () => {
    const session = await createSession(velu(), spec, { provider, direction: 'vjp' });
    expect(session.outputNames).toEqual(['x_gradient', 'lambda_gradient']);
    const x = await session.upload(values, spec.shape);
    const results = await session.run({ x, upstream: x });
    const reference = await createReferenceBackend().compile(velu(), spec);
    const wanted = await reference.vjp({ x: values, upstream: { y: values } });
    expectNear(await session.download(results.x_gradient as typeof x), wanted.x, { x: values });
    await expect(session.run({ x })).rejects.toThrow('input "upstream" must be given (was undefined).');
    await session.dispose();
  });
});
