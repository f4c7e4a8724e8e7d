/** Parts of a run over one backend, put together: a backend that may crash is run one activation at a time. */
import { countStale, stale } from './expected-failures.ts';
import { type ClaimResult, type ExpectationUse, joinedHash, type SubjectReport, sumCounts } from './report.ts';
import { verdictsOf } from './run.ts';

/** The first part tells the name, the device and what is claimed. */
export function mergeSubjects(parts: readonly [SubjectReport, ...SubjectReport[]]): SubjectReport {
  const [first] = parts;
  const expectations = mergeUses(parts.flatMap((part) => part.expectations));
  const results = parts
    .flatMap((part) => part.results)
    .map((result) => ({ ...result, unexpectedPasses: countStale(result.expectations, expectations) }));
  const totals = sumCounts(parts.map((part) => part.totals));
  const unexpectedPasses = stale(expectations).map(({ id, reason }) => ({ id, reason }));
  const claims = mergeClaims(parts.flatMap((part) => part.claims));
  const verdicts = verdictsOf(totals, unexpectedPasses.length, claims);
  return {
    ...first,
    claims,
    casesHash: joinedHash(parts.map(({ casesHash }) => casesHash)),
    elapsedMs: parts.reduce((total, { elapsedMs }) => total + elapsedMs, 0),
    totals,
    results,
    failures: parts.flatMap((part) => part.failures),
    expectations,
    unexpectedPasses,
    verdicts,
    passed: verdicts.length === 0,
  };
}

/** An entry may name cases of several parts: it is stale only where none of them failed. */
function mergeUses(uses: readonly ExpectationUse[]): ExpectationUse[] {
  const merged = new Map<string, ExpectationUse>();
  for (const use of uses) {
    const { ran = 0, failed = 0 } = merged.get(use.id) ?? {};
    merged.set(use.id, { ...use, ran: ran + use.ran, failed: failed + use.failed });
  }
  return [...merged.values()];
}

/** One of each claim, the worst. */
function mergeClaims(claims: readonly ClaimResult[]): ClaimResult[] {
  const merged = new Map<string, ClaimResult>();
  for (const claim of claims) {
    const known = merged.get(claim.claim);
    if (!known || (claim.verdict.endsWith('-claim') && !known.verdict.endsWith('-claim')))
      merged.set(claim.claim, claim);
  }
  return [...merged.values()];
}
