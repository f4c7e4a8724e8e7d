/** Tabs that keyboards and screen readers know: arrows move, one stop in the tab order. */
interface TabListProps<T extends string> {
  readonly label: string;
  readonly tabs: Readonly<Record<T, string>>;
  readonly current: T;
  readonly onSelect: (tab: T) => void;
}

export function TabList<T extends string>({ label, tabs, current, onSelect }: TabListProps<T>) {
  const names = Object.keys(tabs) as T[];
  const move = (event: KeyboardEvent) => {
    const steps: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowLeft: -1 };
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    const next = names[(names.indexOf(current) + step + names.length) % names.length] ?? current;
    onSelect(next);
    document.getElementById(`tab-${next}`)?.focus();
  };
  return (
    <div role="tablist" aria-label={label} class="tabs" onKeyDown={move}>
      {names.map((name) => (
        <button
          key={name}
          type="button"
          role="tab"
          id={`tab-${name}`}
          aria-selected={name === current}
          aria-controls={`panel-${name}`}
          tabIndex={name === current ? 0 : -1}
          onClick={() => onSelect(name)}
        >
          {tabs[name]}
        </button>
      ))}
    </div>
  );
}
