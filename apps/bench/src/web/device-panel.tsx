/** What was found in this browser, and in red what only pretends to be a GPU. */
import type { Missing } from '../core/candidate.ts';
import type { SubjectSummary } from './protocol.ts';

interface DevicePanelProps {
  readonly subjects: readonly SubjectSummary[];
  readonly missing: readonly Missing[];
}

export function DevicePanel({ subjects, missing }: DevicePanelProps) {
  const devices = [...new Map(subjects.map(({ device }) => [device.description, device])).values()];
  return (
    <section aria-labelledby="devices">
      <h2 id="devices">This browser</h2>
      {devices
        .filter(({ software }) => software)
        .map(({ description }) => (
          <p key={description} class="banner bad" role="alert">
            {description} is software: a processor pretends to be a GPU. Its timings say nothing about any GPU.
          </p>
        ))}
      <dl>
        {devices.map(({ description, kind }) => [
          <dt key={`${description} name`}>{kind.toUpperCase()}</dt>,
          <dd key={`${description} list`}>
            {description}
            <br />
            <span class="quiet">
              {subjects
                .filter(({ device }) => device.description === description)
                .map(({ subject }) => subject)
                .join(', ')}
            </span>
          </dd>,
        ])}
      </dl>
      {missing.length > 0 && (
        <details>
          <summary>{missing.length} backends are not here</summary>
          <ul class="reasons">
            {missing.map(({ subject, reason }) => (
              <li key={subject}>
                {subject}: {reason}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
