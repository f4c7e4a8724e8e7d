import { conformance } from '@isoact/core/conformance';
import { describe, test } from 'vitest';
import { precompiledBackend } from '../testing/precompiled-backend.ts';

conformance({ describe, test, createBackend: () => precompiledBackend(), quick: true });
