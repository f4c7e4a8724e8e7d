import { conformance, ownDefinitions } from '@isoact/core/conformance';
import { describe, test } from 'vitest';
import { createBackend } from './index.ts';

conformance({ describe, test, createBackend, quick: true });

conformance({ describe, test, createBackend, quick: true, activations: ownDefinitions });
